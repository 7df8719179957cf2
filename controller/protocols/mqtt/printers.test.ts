// What printers say: Moonraker as in its pages on MQTT and on printer objects, OctoPrint as in published samples.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Heard } from "./dialect.ts";
import { moonraker } from "./moonraker.ts";
import { octoprint } from "./octoprint.ts";
import { profileOf } from "./says.fixture.ts";

const points = { printing: { field: "printing" }, progress: { field: "progress" } };
const voron = moonraker("voron", profileOf("moonraker", points));
const prusa = octoprint("octoPrint", profileOf("octoprint", points));

const STATUS =
  '"print_stats":{"state":"printing","print_duration":1260.5},"virtual_sdcard":{"progress":0.35}';
const whole = { printing: true, progress: 0.35, time_left: 2_341 };

//  case                                   topic                                      payload                       then
const klipper: [string, string, string, Heard][] = [
  ["it is there", "moonraker/status", '{"server":"online"}', { online: true }],
  ["its last will", "moonraker/status", '{"server":"offline"}', { online: false }],
  ["changes at once", "klipper/status", `{"eventtime":578243.57,"status":{${STATUS}}}`, { fields: whole }],
  [
    "one change of them",
    "klipper/status",
    '{"status":{"heater_bed":{"temperature":60.2}}}',
    { fields: { bed_temperature: 60.2 } },
  ],
  [
    "changes one by one",
    "klipper/state/virtual_sdcard/progress",
    '{"eventtime":7.5,"value":0.35}',
    { fields: { progress: 0.35 } },
  ],
  [
    "a paused job is a job",
    "klipper/state/print_stats/state",
    '{"eventtime":7.5,"value":"paused"}',
    { fields: { printing: true } },
  ],
  [
    "a failed one is none",
    "klipper/state/print_stats/state",
    '{"eventtime":7.5,"value":"error"}',
    { fields: { printing: false } },
  ],
  [
    "an answer",
    "moonraker/api/response",
    `{"jsonrpc":"2.0","result":{"status":{${STATUS}}},"id":7125}`,
    { fields: whole, reply: true },
  ],
  [
    "an error",
    "moonraker/api/response",
    '{"jsonrpc":"2.0","error":{"code":-32601},"id":7125}',
    { reply: true },
  ],
  [
    "with little done the end is unknown",
    "klipper/status",
    '{"status":{"print_stats":{"print_duration":31},"virtual_sdcard":{"progress":0.01}}}',
    { fields: { progress: 0.01 } },
  ],
];
for (const [name, leaf, payload, heard] of klipper)
  test(`Moonraker: ${name}`, () => assert.deepEqual(voron.onMessage(`voron/${leaf}`, payload), heard));

const octo: [string, string, string, Heard][] = [
  ["it is there", "mqtt", "connected", { online: true }],
  ["its last will", "mqtt", "disconnected", { online: false }],
  [
    "a job begins",
    "event/PrintStarted",
    '{"_event":"PrintStarted","name":"case.gcode","size":2858607}',
    { fields: { printing: true } },
  ],
  ["a job ends", "event/PrintDone", '{"_event":"PrintDone","time":5252.17}', { fields: { printing: false } }],
  [
    "its state",
    "event/PrinterStateChanged",
    '{"state_string":"Pausing","state_id":"PAUSING"}',
    { fields: { printing: true } },
  ],
  [
    "its state at rest",
    "event/PrinterStateChanged",
    '{"state_string":"Operational","state_id":"OPERATIONAL"}',
    { fields: { printing: false } },
  ],
  ["a picture is no job", "event/CaptureDone", '{"_event":"CaptureDone"}', {}],
  [
    "progress in percent",
    "progress/printing",
    '{"progress":57,"location":"local","path":"case.gcode"}',
    { fields: { progress: 0.57, printing: true } },
  ],
  [
    "with the printer's own guess",
    "progress/printing",
    '{"progress":57,"printer_data":{"progress":{"printTimeLeft":1843}}}',
    { fields: { progress: 0.57, printing: true, time_left: 1_843 } },
  ],
  [
    "the bed",
    "temperature/bed",
    '{"_timestamp":1504118532,"actual":60.4,"target":60.0}',
    { fields: { bed_temperature: 60.4 } },
  ],
];
for (const [name, leaf, payload, heard] of octo)
  test(`OctoPrint: ${name}`, () => assert.deepEqual(prusa.onMessage(`octoPrint/${leaf}`, payload), heard));

test("a printer is asked where it can be, and never told to do anything", () => {
  const question = JSON.parse(voron.query()[0]?.payload ?? "{}");
  assert.deepEqual(
    [question.method, Object.keys(question.params.objects).length],
    ["printer.objects.query", 4],
  );
  const wish = { field: "printing", on: false, leaseMs: null, silent: true };
  assert.deepEqual([...voron.command(wish), ...prusa.command(wish), ...prusa.query()], []);
});
