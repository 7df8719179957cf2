// What a browser remembers of the page, and what it lets go of.
import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../known-fixture.ts";
import { forget, keep, remembered } from "./keep.ts";

/** A browser's storage that holds what it is given, or refuses. */
function storage(full = false): Storage {
  const held = new Map<string, string>();
  return {
    get length() {
      return held.size;
    },
    clear: () => held.clear(),
    key: (place) => [...held.keys()][place] ?? null,
    getItem: (key) => held.get(key) ?? null,
    removeItem: (key) => void held.delete(key),
    setItem: (key, value) => {
      if (full) throw new DOMException("full", "QuotaExceededError");
      held.set(key, value);
    },
  };
}
const me = {
  person: { id: "person-7", name: "Ada", role: "member", member: "figs", via: "session" },
  ...{ demo: false, fresh: false },
} as const;
const plan = { state: "waiting", errors: {} } as const;
const heard = { ...known(), heardAt: 1_750_000_000_000 };

test("keep: state, plan and who looked come back as memory, never as live", () => {
  const browser = storage();
  assert.equal(keep(heard, { me, plan }, browser), true);
  const { known: back, ...beside } = remembered(browser);
  assert.deepEqual([back?.link, back?.heardAt, back?.site.id], ["memory", 1_750_000_000_000, "hamlet"]);
  assert.deepEqual(beside, { me, plan });
});

const nothing: [string, (browser: Storage) => void][] = [
  ["nothing was kept", () => undefined],
  ["it was let go of", (browser) => forget(browser)],
  ["another page kept it", (browser) => browser.setItem("gridwright-last", '{"version":1,"site":{}}')],
  ["it is torn", (browser) => browser.setItem("gridwright-last", '{"version":2,"si')],
];
for (const [sentence, befalls] of nothing)
  test(`keep: nothing is remembered where ${sentence}`, () => {
    const browser = storage();
    if (!sentence.startsWith("nothing")) keep(heard, { me, plan }, browser);
    befalls(browser);
    assert.deepEqual(remembered(browser), { known: undefined, me: undefined, plan: undefined });
  });

test("keep: a browser that has no room is no trouble", () =>
  assert.equal(keep(heard, { me, plan }, storage(true)), false));
