// What runs must be well on end, not once.
import assert from "node:assert/strict";
import { it } from "node:test";
import { minutes, mono } from "@gridwright/contract/units.ts";
import { type Looked, prove } from "./prove.ts";

/** Each letter is one look, the last for ever: `.` well, `c` control, `d` a device, `p` the page is missing. */
async function proved(course: string): Promise<string> {
  let now = 40_000;
  let looks = 0;
  const look = async (): Promise<Looked> => {
    const letter = course[Math.min(looks, course.length - 1)];
    looks += 1;
    return { acts: letter !== "c", devices: letter === "d" ? 6 : 7, page: letter !== "p" };
  };
  const sleep = async (ms: number): Promise<void> => {
    now += ms;
  };
  const why = await prove({ io: { now: () => mono(now), sleep }, look, devices: 7, patience: minutes(3) });
  return `${why ?? "well"} after ${looks}`;
}

it("a release proves itself", async () => {
  const rows: readonly (readonly [sentence: string, course: string, then: string])[] = [
    ["by six good looks", ".", "well after 6"],
    ["however slowly it comes", `${"c".repeat(40)}ddpp.`, "well after 50"],
    ["not by coming and going", `${"...c".repeat(60)}c`, "control does not act after 90"],
    ["not while a device is lost that was read before", "d", "6 devices answer; before it were 7 after 90"],
    ["not without its page", "p", "the page does not answer after 90"],
  ];
  for (const [sentence, course, then] of rows) assert.equal(await proved(course), then, sentence);
});
