import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { needs } from "./needs.ts";

const before = process.env.GRIDWRIGHT_MISSING ?? "";
afterEach(() => {
  process.env.GRIDWRIGHT_MISSING = before;
});

test("a test whose package is missing says what to install; another runs", () => {
  process.env.GRIDWRIGHT_MISSING = "chromium,mosquitto-clients";
  assert.equal(needs("chromium"), "skipped: apt install chromium");
  assert.equal(needs("mbpoll", "mosquitto-clients"), "skipped: apt install mosquitto-clients");
  assert.equal(needs("mosquitto", "mbpoll"), false);
});

test("with nothing missing every test runs", () => {
  process.env.GRIDWRIGHT_MISSING = "";
  assert.equal(needs("influxdb"), false);
});
