// What is said when the service manager cannot be told anything: once, and the process goes on. What it hears is tried on a
// real socket in tests/deploy/beats.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { hostClock } from "../clock/host-clock.ts";
import { openNotify } from "./notify.ts";

const LOOKS_MAX = 400;

test("a manager that is not there costs a line in the log, and nothing else", async () => {
  const said: string[] = [];
  const log = { info: () => undefined, warn: (text: string) => void said.push(text), error: () => undefined };
  const notify = openNotify({ socket: "/nowhere/notify", patienceMs: 4_000, io: hostClock(), log });
  notify.ready();
  notify.alive();
  for (let looks = 0; said.length === 0 && looks < LOOKS_MAX; looks += 1) await wait(25);
  assert.match(said.join(), /^the service manager cannot be told anything: /);
  notify.close();
});

test("where the manager does not wait for beats, none is carried and no child is started", () => {
  const said: string[] = [];
  const log = { info: () => undefined, warn: (text: string) => void said.push(text), error: () => undefined };
  const before = process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
  const notify = openNotify({ socket: "/nowhere/notify", io: hostClock(), log });
  notify.alive();
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length, before);
  notify.close();
});
