// What is said of where a home's day came from.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clockIn } from "../text/clock.ts";
import { sayIn } from "../words/words.ts";
import { ownText } from "./today.ts";

const say = sayIn("en");
const now = Date.UTC(2026, 4, 12, 8, 42);
const words = { say, language: "en", clock: clockIn("Europe/Madrid", "en", say), now } as const;
const today = (settledTo: number | null, localWh: number, boughtWh: number) => ({
  ...{ from: settledTo === null ? null : Date.UTC(2026, 4, 11, 22), settledTo },
  ...{ localWh, boughtWh },
});

test("today: the share that came from the community's own energy, and up to when that is known", () =>
  assert.equal(
    ownText(today(Date.UTC(2026, 4, 12, 8, 30), 1_730, 270), words).replaceAll("\u00a0", " "),
    "Up to 10:30, 87 % of it was the community's own energy.",
  ));

test("today: nothing is said where nothing was used, settled, or settled of today", () => {
  assert.equal(ownText(undefined, words), "");
  assert.equal(ownText(today(null, 0, 0), words), "");
  assert.equal(ownText(today(Date.UTC(2026, 4, 12, 8, 30), 0, 0), words), "");
  assert.equal(ownText(today(Date.UTC(2026, 4, 11, 21, 45), 1_730, 270), words), "");
});
