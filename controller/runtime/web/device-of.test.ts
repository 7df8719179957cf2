// What browsers call themselves, and the few words that are kept of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceNamed } from "./device-of.ts";

const agents: [string, string, string | undefined][] = [
  [
    "Chrome on a phone, which also calls itself Safari and Linux",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    "Chrome, Android",
  ],
  [
    "Edge, which also calls itself Chrome",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
    "Edge, Windows",
  ],
  [
    "Safari on an iPhone, which also names Mac OS",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Safari, iPhone",
  ],
  ["Firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"],
  ["a program", "curl/8.14.1", undefined],
  ["nothing", "", undefined],
  ["a name behind more text than anybody reads", `${"x".repeat(600)} Firefox`, undefined],
];
for (const [sentence, agent, expected] of agents)
  test(`device: ${sentence}`, () => assert.equal(deviceNamed(agent), expected));
