// What people must know now, as far as the core can see it: lost devices, the grid, a dead bus, a low or unreadable
// battery, switches that do not follow. Raised and cleared by their coming and going; decides nothing.
import { elapsed, type Millis, type Mono, seconds } from "@gridwright/contract/units.ts";
import { batteryFigures, silentFor } from "./battery.ts";
import { chargeDoubt } from "./charge-doubt.ts";
import { lastResortAhead } from "./fairness/ahead.ts";
import { isFickle } from "./following.ts";
import type { DevicePlan } from "./layout.ts";
import { modeConditions } from "./mode-conditions.ts";
import type { Condition } from "./step.ts";
import { coarse, reason, type Tick } from "./tick.ts";

/** A device is lost when its quickest group missed three periods, but not before this. */
const LOST_MIN = seconds(10);
/** Charge above the inverter's cut-out at which tier 0 and 1 are at risk. */
const LOW_MARGIN = 0.05;

function silence({ state, memory }: Tick, { group, periodMs }: DevicePlan): Millis | undefined {
  const answered: Mono | undefined = state.answeredAt.get(group);
  const began = memory.startedAt;
  const since = answered === undefined || answered < began ? began : answered;
  const silent = elapsed(since, state.now);
  return silent > Math.max(3 * periodMs, LOST_MIN) + memory.lag.ms ? silent : undefined;
}

function lostDevices(tick: Tick): Condition[] {
  return tick.layout.devices.flatMap((device): Condition[] => {
    const sinceMs = silence(tick, device);
    if (sinceMs === undefined) return [];
    const why = tick.state.answeredAt.get(device.group) === undefined ? "never heard" : "silent";
    return [
      {
        id: `device-lost/${device.id}`,
        severity: device.vital ? "critical" : "warning",
        reason: reason("alarm-device-lost", { device: device.id, sinceMs, why }),
      },
    ];
  });
}

function stuckSwitches({ memory }: Tick): Condition[] {
  return Object.keys(memory.ineffective).map((asset): Condition => {
    const fickle = isFickle(memory.overrides[asset]);
    return {
      id: `${fickle ? "relay-fickle" : "relay-stuck"}/${asset}`,
      severity: "warning",
      reason: reason(fickle ? "alarm-relay-fickle" : "alarm-relay-stuck", { asset }),
    };
  });
}

/** Hours before the first load of tier 0 may go. */
function lastResort(tick: Tick): Condition[] {
  const ahead = lastResortAhead(tick);
  if (ahead === undefined || ahead.inMs > tick.model.site.envelope.lastResortWarn) return [];
  const { asset, inMs } = ahead;
  return [
    {
      id: `last-resort/${asset}`,
      severity: "critical",
      reason: reason("alarm-last-resort", { asset, leftMs: coarse(inMs) }),
    },
  ];
}

/** Relays that closed as often as they are made for. */
function wornRelays({ memory, model }: Tick): Condition[] {
  const { relayLife } = model.site.envelope;
  return Object.entries(memory.switched).flatMap(([asset, { life = 0 }]): Condition[] =>
    life < relayLife
      ? []
      : [
          {
            id: `relay-worn/${asset}`,
            severity: "info",
            reason: reason("alarm-relay-worn", { asset, count: life }),
          },
        ],
  );
}

/** For how long, since the start, a device that answers has had no value for this; undefined: it has, or does not answer. */
function unsaidFor({ state, memory }: Tick, source = ""): Millis | undefined {
  const reading = state.points.get(source);
  const isUnsaid = reading?.quality === "absent" && reading.reason !== "never-read";
  return isUnsaid ? elapsed(memory.startedAt, state.now) : undefined;
}

function batteryConditions(tick: Tick): Condition[] {
  const { layout, state, memory } = tick;
  const running = elapsed(memory.startedAt, state.now);
  const lost = layout.batteries.flatMap((battery): Condition[] => {
    const { id, points } = battery;
    const point = points.soc === undefined ? "battery_voltage" : "soc";
    const sinceMs = silentFor(tick, battery, point) ?? unsaidFor(tick, points[point]);
    if (sinceMs === undefined || Math.min(sinceMs, running) < LOST_MIN + memory.lag.ms) return [];
    return [{ id: `battery-lost/${id}`, severity: "critical", reason: reason("battery-lost", { sinceMs }) }];
  });
  const doubted = layout.batteries.flatMap((battery): Condition[] => {
    const doubt = chargeDoubt(state, battery);
    if (doubt === undefined) return [];
    const { soc: socRatio, volts: voltageV, limit: limitA } = doubt;
    const said = reason("alarm-charge-doubted", { battery: battery.id, socRatio, voltageV, limitA });
    return [{ id: `charge-doubted/${battery.id}`, severity: "warning", reason: said }];
  });
  const known = [...lost, ...doubted];
  const { soc } = batteryFigures(layout, state);
  const cutOut = Math.max(0, ...layout.batteries.map(({ spec }) => spec.socMin));
  if (soc === undefined || soc >= cutOut + LOW_MARGIN) return known;
  const low: Condition = {
    id: "battery-low",
    severity: "critical",
    reason: reason("alarm-battery-low", { socRatio: soc }),
  };
  return [...known, low];
}

/** All conditions that hold at this tick, beside those that rules reported. */
export const conditionsOf = (tick: Tick): readonly Condition[] => [
  ...lostDevices(tick),
  ...stuckSwitches(tick),
  ...wornRelays(tick),
  ...lastResort(tick),
  ...modeConditions(tick),
  ...batteryConditions(tick),
];
