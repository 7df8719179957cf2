import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Hardware, Message } from "./plug.ts";
import { shellyGen2 } from "./shelly-gen2.ts";
import { tasmota } from "./tasmota.ts";

/** A relay with a timer and a meter, in a time that the test moves. */
function bench(on = true) {
  const state = { now: 40_000, on, revertAt: Number.POSITIVE_INFINITY, watts: 137 };
  const values: Readonly<Record<string, () => number>> = {
    power: () => (state.on ? state.watts : 0),
    apparent_power: () => (state.on ? state.watts * 1.25 : 0),
    voltage: () => 229.4,
    current: () => (state.on ? 0.746 : 0),
    energy_import: () => 81_250,
  };
  const hardware: Hardware = {
    measure: (point) => values[point]?.(),
    relay: () => state.on,
    set: (wanted, holdMs = Number.POSITIVE_INFINITY) => {
      state.on = wanted;
      state.revertAt = state.now + holdMs;
    },
    now: () => state.now,
    wall: () => 1_790_000_000_000 + state.now,
  };
  const pass = (ms: number): void => {
    state.now += ms;
    if (state.now < state.revertAt) return;
    state.on = !state.on;
    state.revertAt = Number.POSITIVE_INFINITY;
  };
  return { state, hardware, pass };
}
const said = (messages: readonly Message[]): string[] =>
  messages.map(({ topic, payload }) => `${topic} ${payload}`);

describe("a Tasmota plug", () => {
  const plug = (on = true) => {
    const { state, hardware, pass } = bench(on);
    const firmware = tasmota("lamp", hardware);
    const send = (command: string, payload: string) =>
      said(firmware.receive(`cmnd/lamp/${command}`, payload));
    return { state, pass, firmware, send };
  };
  //  case, command, payload, what it says
  const TALK: readonly (readonly [string, string, string, readonly string[]])[] = [
    ["switches off", "POWER", "off", ['stat/lamp/RESULT {"POWER":"OFF"}', "stat/lamp/POWER OFF"]],
    ["toggles", "Power1", "toggle", ['stat/lamp/RESULT {"POWER":"OFF"}', "stat/lamp/POWER OFF"]],
    ["tells its state when asked", "POWER", "", ['stat/lamp/RESULT {"POWER":"ON"}', "stat/lamp/POWER ON"]],
    ["takes a telemetry period", "TelePeriod", "25", ['stat/lamp/RESULT {"TelePeriod":25}']],
    ["takes no period below ten seconds", "TelePeriod", "3", ['stat/lamp/RESULT {"TelePeriod":10}']],
    ["does not know a word", "Dance", "2", ['stat/lamp/RESULT {"Command":"Unknown"}']],
    ["keeps a setting that makes no sense", "PowerOnState", "9", ['stat/lamp/RESULT {"PowerOnState":3}']],
    [
      "does a backlog in order",
      "Backlog0",
      "PowerOnState 5;PulseTime 115;SetOption65 1;Power OFF",
      [
        'stat/lamp/RESULT {"PowerOnState":5}',
        'stat/lamp/RESULT {"PulseTime1":{"Set":115,"Remaining":115}}',
        'stat/lamp/RESULT {"SetOption65":"ON"}',
        'stat/lamp/RESULT {"POWER":"OFF"}',
        "stat/lamp/POWER OFF",
      ],
    ],
  ];
  for (const [name, command, payload, words] of TALK)
    test(name, () => assert.deepEqual(plug().send(command, payload), words));

  //  case, backlog, s until it goes back (NaN: never), relay then
  const PULSES: readonly (readonly [string, boolean, string, number, boolean])[] = [
    [
      "inverted, in seconds + 100: a leased OFF ends",
      true,
      "PowerOnState 5;PulseTime 115;Power OFF",
      15,
      true,
    ],
    ["plain, in tenths: a leased ON ends", false, "PowerOnState 0;PulseTime 70;Power ON", 7, false],
    ["plain: OFF stays", true, "PowerOnState 0;PulseTime 70;Power OFF", Number.NaN, false],
    ["released: nothing ends", true, "Power ON;PulseTime 0;PowerOnState 1", Number.NaN, true],
    ["a renewed lease counts anew", true, "PowerOnState 5;PulseTime 115;Power OFF;Power OFF", 15, true],
  ];
  for (const [name, on, backlog, seconds, then] of PULSES)
    test(`pulse: ${name}`, () => {
      const { state, pass, send } = plug(on);
      send("Backlog0", backlog);
      const now = state.on;
      pass(Number.isNaN(seconds) ? 3_000_000 : seconds * 1_000 - 10);
      assert.equal(state.on, now);
      pass(20);
      assert.equal(state.on, then);
    });

  test("reports by period, by change of power, and when its relay moves by itself", () => {
    const { state, pass, send, firmware } = plug();
    send("Backlog0", "TelePeriod 20;PowerDelta 110;PowerOnState 5;PulseTime 150");
    firmware.tick();
    pass(3_000);
    assert.deepEqual(said(firmware.tick()), []);
    state.watts = 141;
    pass(3_000);
    assert.deepEqual(said(firmware.tick()), []);
    state.watts = 160;
    pass(3_000);
    const [sensor] = firmware.tick();
    assert.match(
      sensor?.payload ?? "",
      /"Power":160,"ApparentPower":200,.*"Factor":0.8,"Voltage":229,"Current":0.746/,
    );
    pass(12_000);
    assert.deepEqual(
      firmware.tick().map(({ topic }) => topic),
      ["tele/lamp/STATE", "tele/lamp/SENSOR"],
    );
    send("POWER", "OFF");
    firmware.tick();
    pass(50_000);
    assert.ok(said(firmware.tick()).includes("stat/lamp/POWER ON"));
  });
  test("energy is told in kWh and its will is Offline, retained", () => {
    const { firmware, send } = plug();
    assert.match(send("STATUS", "10")[0] ?? "", /STATUS10 \{"StatusSNS":.*"Total":81.25,/);
    assert.deepEqual(firmware.will, { topic: "tele/lamp/LWT", payload: "Offline", retain: true });
  });
  //  PowerOnState, relay before the cut → relay after it
  const CUTS: readonly (readonly [number, boolean, boolean])[] = [
    [0, true, false],
    [1, false, true],
    [3, true, true],
    [3, false, false],
    [5, true, false],
  ];
  for (const [setting, was, becomes] of CUTS)
    test(`after a power cut PowerOnState ${setting} makes ${was} into ${becomes}`, () => {
      const { state, send, firmware } = plug(was);
      send("PowerOnState", String(setting));
      assert.ok(firmware.boot() > 500);
      assert.equal(state.on, false);
      firmware.powerUp();
      assert.equal(state.on, becomes);
    });
});

describe("a Shelly plug of the second generation", () => {
  const plug = () => {
    const { state, hardware, pass } = bench();
    const firmware = shellyGen2("shelly-7", hardware);
    const call = (method: string, params: unknown) =>
      said(firmware.receive("shelly-7/rpc", JSON.stringify({ id: 31, src: "shelly-7/me", method, params })));
    return { state, pass, firmware, call };
  };
  test("switches, says what was, and goes back by itself", () => {
    const { state, pass, call } = plug();
    assert.deepEqual(call("Switch.Set", { id: 0, on: false, toggle_after: 45 }), [
      'shelly-7/me/rpc {"id":31,"src":"shelly-7","dst":"shelly-7/me","result":{"was_on":true}}',
    ]);
    pass(44_000);
    assert.equal(state.on, false);
    pass(2_000);
    assert.equal(state.on, true);
  });
  test("tells its status", () => {
    const [answer] = plug().call("Switch.GetStatus", { id: 0 });
    assert.match(
      answer ?? "",
      /"output":true,"apower":137,"voltage":229.4,"current":0.746,"aenergy":\{"total":81250\}/,
    );
  });
  test("refuses what it does not know", () => {
    assert.match(plug().call("Cover.Open", {})[0] ?? "", /"code":404/);
    assert.match(plug().call("Switch.Set", { id: 4, on: true })[0] ?? "", /"code":-103/);
  });
  test("garbage gets no answer", () => assert.deepEqual(plug().firmware.receive("shelly-7/rpc", "{on"), []));
  test("notifies when its relay moves or power changes", () => {
    const { state, pass, firmware } = plug();
    firmware.tick();
    pass(3_000);
    assert.deepEqual(firmware.tick(), []);
    state.watts = 420;
    assert.match(said(firmware.tick())[0] ?? "", /shelly-7\/events\/rpc .*NotifyStatus.*"apower":420/);
  });
});
