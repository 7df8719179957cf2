// One point of an asset as Home Assistant's MQTT discovery wants it: platform, unit, device class, state class. Pure.
// Facts: Home Assistant's documentation of MQTT discovery, mqtt sensor, binary_sensor and switch, and its table of
// units per device class. A wrong pair makes Home Assistant refuse the component.
import { outwardKind, UNAVAILABLE } from "@gridwright/contract/outward.ts";
import {
  type PointBase,
  type PointKind,
  type PointName,
  parsePointName,
  type Unit,
} from "@gridwright/contract/points.ts";

export type Platform = "sensor" | "binary_sensor" | "switch";

export interface Availability {
  readonly topic: string;
  readonly value_template?: string;
}

export interface Component {
  readonly p: Platform;
  readonly unique_id: string;
  readonly name: string;
  readonly state_topic: string;
  readonly availability: readonly Availability[];
  readonly availability_mode: "all";
  readonly value_template?: string;
  readonly unit_of_measurement?: string;
  readonly device_class?: string;
  readonly state_class?: "measurement" | "total_increasing";
  readonly suggested_display_precision?: number;
  readonly entity_category?: "diagnostic";
  readonly enabled_by_default?: false;
  readonly payload_on?: string;
  readonly payload_off?: string;
  readonly state_on?: string;
  readonly state_off?: string;
  readonly command_topic?: string;
  readonly qos?: 0 | 1;
  readonly optimistic?: false;
  readonly retain?: false;
}

/** What differs from point to point. */
type Looks = Pick<
  Component,
  | "unit_of_measurement"
  | "device_class"
  | "state_class"
  | "suggested_display_precision"
  | "entity_category"
  | "enabled_by_default"
  | "value_template"
>;

const MEASURED = { state_class: "measurement" } as const;
const DIAGNOSTIC = { entity_category: "diagnostic" } as const;
/** «None» is Home Assistant's word for unknown: without it `unavailable` would be taken for a value. */
const NUMBER = "{{ value if is_number(value) else None }}";
const PERCENT = "{{ (value | float * 100) | round(2) if is_number(value) else None }}";
const YES_NO = `{{ None if value == '${UNAVAILABLE}' else value }}`;

const measured = (
  device_class: string,
  unit_of_measurement: string,
  suggested_display_precision: number,
): Looks => ({ device_class, unit_of_measurement, suggested_display_precision, ...MEASURED });
const ENERGY: Looks = {
  device_class: "energy",
  unit_of_measurement: "Wh",
  suggested_display_precision: 0,
  state_class: "total_increasing",
};
const share = (looks: Looks = {}): Looks => ({
  unit_of_measurement: "%",
  suggested_display_precision: 0,
  value_template: PERCENT,
  ...MEASURED,
  ...looks,
});
/** What a number looks like by its unit; any other unit is shown as it is. */
const BY_UNIT = {
  W: measured("power", "W", 0),
  VA: measured("apparent_power", "VA", 0),
  var: measured("reactive_power", "var", 0),
  V: measured("voltage", "V", 1),
  A: measured("current", "A", 1),
  Hz: measured("frequency", "Hz", 2),
  "°C": measured("temperature", "°C", 1),
  "W/m²": measured("irradiance", "W/m²", 0),
  Wh: ENERGY,
  s: { unit_of_measurement: "s", ...DIAGNOSTIC },
  l: { unit_of_measurement: "L", ...MEASURED },
  "1": MEASURED,
} as const satisfies Partial<Record<Unit, Looks>>;
const plain = (unit: Unit): Looks =>
  Object.hasOwn(BY_UNIT, unit)
    ? BY_UNIT[unit as keyof typeof BY_UNIT]
    : { unit_of_measurement: unit, ...MEASURED };
/** Where a point is more, or something else, than its unit says. */
const SPECIAL: Readonly<Partial<Record<PointBase | "limit", Looks>>> = {
  reactive_power: BY_UNIT.var,
  charge_current_limit: { ...BY_UNIT.A, ...DIAGNOSTIC },
  discharge_current_limit: { ...BY_UNIT.A, ...DIAGNOSTIC },
  soc: share({ device_class: "battery" }),
  power_limit: share(DIAGNOSTIC),
  limit: share(DIAGNOSTIC),
  clock: { ...BY_UNIT.s, enabled_by_default: false },
};
const FLAGS: Readonly<Partial<Record<PointBase | "switch", Looks>>> = {
  switch: { device_class: "power" },
  grid_present: { device_class: "power" },
  overload_warning: { device_class: "problem" },
  fault: { device_class: "problem" },
  running: { device_class: "running" },
  printing: { device_class: "running" },
  inverting: { device_class: "running" },
  estop: { device_class: "safety" },
};

const NAMES: Readonly<Record<string, string>> = {
  soc: "Charge",
  switch: "Supply",
  pv_power: "Sun power",
  pv_dc_power: "Sun power DC",
  estop: "Emergency stop",
  hand: "Switch in Hand",
};

function nameOf(point: string, parsed: PointName | undefined): string {
  const base = parsed?.base ?? point;
  const words = NAMES[base] ?? `${base.charAt(0).toUpperCase()}${base.slice(1).replaceAll("_", " ")}`;
  return [words, parsed?.phase, parsed?.channel].filter((part) => part !== undefined).join(" ");
}

/** A component without its topics. */
export interface Face extends Looks {
  readonly p: "sensor" | "binary_sensor";
  readonly name: string;
  readonly payload_on?: string;
  readonly payload_off?: string;
}

const isShare = ({ unit, range: [min, max] }: PointKind): boolean => unit === "1" && min === 0 && max === 1;

function numberLooks(base: PointBase, kind: PointKind): Looks {
  const special = SPECIAL[base];
  if (special !== undefined) return special;
  return isShare(kind) ? share() : plain(kind.unit);
}

/** How a point of the catalogue, or an actuator's `switch` or `limit`, shows itself. */
export function faceOf(point: string): Face {
  const parsed = parsePointName(point);
  const kind = outwardKind(point);
  const name = nameOf(point, parsed);
  const base = (parsed?.base ?? point) as PointBase;
  if (kind?.value === "switch")
    return {
      p: "binary_sensor",
      name,
      value_template: YES_NO,
      payload_on: "true",
      payload_off: "false",
      ...FLAGS[base],
    };
  return { p: "sensor", name, value_template: NUMBER, ...(kind !== undefined && numberLooks(base, kind)) };
}
