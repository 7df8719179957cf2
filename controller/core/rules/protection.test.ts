import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { every, main, type Row, s, T } from "../fixtures/moments.ts";
import { ask, flow, run, story } from "../fixtures/scene.ts";

/** Heaters are off and no machine had begun when they were last read. */
const IDLE = { "plug-heater-a/power": 9, "plug-heater-b/power": 7 };

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  "manual-hold": [
    [
      "a hold switches its load off at once and keeps it off",
      [{ at: T, requests: [ask({ kind: "hold", asset: "pump", why: "leaking" })] }, { at: s(3_000) }],
      "pump off (held)",
    ],
    [
      "only a technician ends a hold",
      [
        { at: T, requests: [ask({ kind: "hold", asset: "pump", why: "leaking" })] },
        { at: s(20), requests: [ask({ kind: "clear-hold", asset: "pump", why: "dry" }, { role: "member" })] },
        { at: s(21), requests: [ask({ kind: "clear-hold", asset: "pump", why: "dry" })] },
      ],
      "pump off (held), pump on (restored)",
    ],
    [
      "a switch in Hand is not shed; the next load goes",
      [
        { at: T, given: { "box/hand": true } },
        { at: s(1), given: main(2_900, 9_600) },
      ],
      "heater-c off (overload-instant), lathe off (overload-instant)",
    ],
    [
      "what somebody switched off at the device stays off",
      [
        { at: T },
        { at: s(1), given: { "relays/relay_4": false } },
        { at: s(600), given: { "relays/relay_4": false } },
      ],
      "sockets off (override-by-hand)",
    ],
    [
      "after its time the change by hand ends and the load comes back",
      [
        { at: T },
        { at: s(1), given: { "relays/relay_4": false } },
        { at: s(1_802), given: { ...main(1_700), ...flow("inverter", [1_700, 2_300, 2_100]) } },
      ],
      "sockets off (override-by-hand), sockets on (restored)",
    ],
    [
      "protection may switch off what a person switched on by hand",
      [
        { at: T, requests: [ask({ kind: "switch", asset: "heater-b", on: false, why: "empty" })] },
        { at: s(1) },
        { at: s(2), given: { "relays/relay_9": true } },
        { at: s(3), given: { ...main(9_120), "plug-heater-a/power": 12 } },
      ],
      "heater-b off (requested-off), heater-b on (override-by-hand), heater-b off (overload-instant), " +
        "lathe off (overload-instant)",
    ],
  ],
  "emergency-stop": [
    [
      "a pressed stop takes the machine's supply, and its release does not give it back",
      [{ at: T, given: { "box/estop": true } }, { at: s(7), given: { "box/estop": false } }, { at: s(900) }],
      "lathe off (estop-pressed)",
    ],
    [
      "a person starts it again after the release",
      [
        { at: T, given: { "box/estop": true } },
        { at: s(7), given: { "box/estop": false } },
        { at: s(60), requests: [ask({ kind: "switch", asset: "lathe", on: true, why: "cleared" })] },
      ],
      "lathe off (estop-pressed), lathe on (requested-on)",
    ],
    [
      "a stopped machine is not started when something else that kept it off ends",
      [
        { at: T, given: { "box/estop": true } },
        { at: s(7), given: { "box/estop": false, "battery/soc": 0.27 } },
        { at: s(18) },
        { at: s(60), given: { "battery/soc": 0.91 } },
        { at: s(75), requests: [ask({ kind: "hold", asset: "lathe", why: "belt" })] },
        { at: s(90), requests: [ask({ kind: "clear-hold", asset: "lathe", why: "mended" })] },
        ...every(100, 900),
      ],
      "lathe off (estop-pressed), heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc), " +
        "pump off (ladder-soc), saw off (ladder-soc), genset on (generator-start), pump on (restored), " +
        "heater-c on (restored), genset off (generator-stop)",
    ],
    [
      "a stop whose wire cannot be read stays pressed",
      [
        { at: T, given: { "box/estop": true } },
        { at: s(9), given: { "box/estop": stale<boolean>(false, mono(T)) } },
        { at: s(60), requests: [ask({ kind: "switch", asset: "lathe", on: true, why: "hurry" })] },
      ],
      "lathe off (estop-pressed)",
    ],
  ],
  "device-limits": [
    [
      "a breaker that carries too much for long is relieved before it trips",
      every(10, 520, {
        ...main(2_900, 2_300, 14_300),
        ...flow("inverter", [-5_800, -6_400, 5_600]),
        "sun/power": 26_100,
      }),
      "saw off (breaker-overload), lathe off (breaker-overload)",
    ],
  ],
  "battery-limits": [
    [
      "more than the battery allows, for longer than a start, is shed",
      [{ at: T, given: { "battery/discharge_current_limit": 120 } }, { at: s(1.2) }],
      "heater-b off (battery-current-limit), heater-a off (battery-current-limit)",
    ],
    [
      "an excess of half a second is a motor's start",
      [
        { at: T, given: { "battery/discharge_current_limit": 120 } },
        { at: s(0.5) },
        { at: s(0.9), given: { "battery/discharge_current_limit": 300 } },
      ],
      "",
    ],
    [
      "a limit of 0 A while discharge is allowed is a slip and sheds nothing",
      [{ at: T, given: { "battery/discharge_current_limit": 0 } }, { at: s(1.2) }, { at: s(9) }],
      "",
    ],
    [
      "a limit that is too old is no limit",
      [{ at: T, given: { "battery/discharge_current_limit": stale(90, mono(T - 20_000)) } }, { at: s(2) }],
      "",
    ],
  ],
  overload: [
    ["a kettle at 110 % for three minutes cuts nothing", every(2, 180, main(6_600 + 80)), ""],
    [
      "half of the overload time used cuts the least needed load",
      [...every(1, 32, main(6_000 * 1.3 + 80))],
      "heater-b off (overload-budget), heater-a off (overload-budget)",
    ],
    [
      "150 % cuts at once, as little as will do",
      [{ at: T, given: main(9_100) }],
      "heater-b off (overload-instant), heater-a off (overload-instant)",
    ],
    [
      "the inverter's own warning is believed",
      [{ at: T, given: { ...main(5_200), "inverter/overload_warning_l1": true } }],
      "heater-b off (overload-warning)",
    ],
    [
      "the load of another phase is not touched",
      [{ at: T, given: main(3_300, 9_200, 2_000) }],
      "heater-c off (overload-instant), pump off (overload-instant)",
    ],
    [
      "what is on its way is not shed for a second time",
      [
        { at: T, given: main(9_100) },
        { at: s(0.2), given: main(9_090) },
        { at: s(0.4), given: main(4_800) },
      ],
      "heater-b off (overload-instant), heater-a off (overload-instant)",
    ],
    [
      "a motor's start may cost machines and heaters, but no socket and no fridge",
      [
        { at: T, given: { ...main(9_900), ...IDLE } },
        { at: s(0.4), given: main(9_900) },
        { at: s(0.6), given: main(3_100) },
        { at: s(9), given: main(3_100) },
      ],
      "lathe off (overload-instant)",
    ],
    [
      "what lasts longer than a start costs them too",
      [
        { at: T, given: { ...main(9_900), ...IDLE } },
        { at: s(0.8), given: main(9_900) },
        { at: s(1.4), given: main(9_900) },
      ],
      "lathe off (overload-instant), sockets off (overload-instant), fridge off (overload-instant)",
    ],
    [
      "sun on the bus carries its part: the inverter does not",
      [{ at: T, given: { ...main(9_100), "sun/power": 10_800 } }],
      "",
    ],
  ],
  "load-rejection": [
    [
      "sun that a shed throws back at a full battery is limited",
      [
        {
          at: T,
          given: {
            ...main(9_700),
            ...flow("inverter", [5_100, -2_300, -2_500]),
            "sun/power": 13_800,
            "battery/charge_allowed": false,
            "inverter/overload_warning_l1": true,
          },
        },
        {
          at: s(70),
          given: {
            ...main(8_000),
            ...flow("inverter", [4_300, -1_400, -1_600]),
            "sun/power": 11_200,
            "inverter/overload_warning_l1": false,
          },
        },
      ],
      "heater-b off (overload-warning), sun 82 % (sun-limited), sun 100 % (normal)",
    ],
    [
      "a battery that can take it needs no limit",
      [
        {
          at: T,
          given: {
            ...main(9_700),
            ...flow("inverter", [5_100, -2_300, -2_500]),
            "sun/power": 13_800,
            "inverter/overload_warning_l1": true,
          },
        },
      ],
      "heater-b off (overload-warning)",
    ],
  ],
};

for (const [rule, rows] of Object.entries(TABLES))
  describe(rule, () => {
    for (const [sentence, moments, then] of rows)
      it(sentence, () => assert.equal(story(run(hamlet(), moments).decisions), then));
  });
