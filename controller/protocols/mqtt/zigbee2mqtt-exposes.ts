// What `<base>/bridge/devices` says of the Zigbee devices behind a bridge, as points of the catalogue: for a proposal
// that a technician looks at. Whether a plug takes `on_time` stands nowhere in it, so no proposal counts a lease. Facts
// from the project's pages («MQTT topics and messages: bridge/devices», «Exposes»), not from hardware.
import { asObject } from "./dialect.ts";

export interface ZigbeePoint {
  readonly field: string;
  readonly unit: string;
  readonly write?: true;
  readonly lease?: "none";
}

export interface ZigbeeDevice {
  readonly friendlyName: string;
  readonly vendor: string;
  readonly model: string;
  /** Point of the catalogue → where the bridge says it; what the catalogue has no point for is left out. */
  readonly points: Readonly<Record<string, ZigbeePoint>>;
}

/** Devices of one bridge that are looked at. */
const DEVICES_MAX = 500;
/** Access bits of an expose: told, settable, gettable. */
const TOLD = 1;
const SETTABLE = 2;

/** Name of an expose → point, with the units that convert. */
const NUMERIC: Readonly<Record<string, readonly [point: string, ...units: readonly string[]]>> = {
  power: ["power", "W", "kW"],
  power_apparent: ["apparent_power", "VA"],
  power_reactive: ["reactive_power", "var"],
  voltage: ["voltage", "V"],
  current: ["current", "A"],
  ac_frequency: ["frequency", "Hz"],
  energy: ["energy_import", "kWh", "Wh"],
  produced_energy: ["energy_export", "kWh", "Wh"],
  temperature: ["temperature", "°C"],
};
const PHASES: Readonly<Record<string, string>> = {
  a: "_l1",
  b: "_l2",
  c: "_l3",
  l1: "_l1",
  l2: "_l2",
  l3: "_l3",
};

type Values = Readonly<Record<string, unknown>>;
const listOf = (value: unknown): readonly Values[] => (Array.isArray(value) ? value.map(asObject) : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const can = (access: unknown, bit: number): boolean => typeof access === "number" && (access & bit) !== 0;

function numericPoint({ name, property, unit, access }: Values): [string, ZigbeePoint][] {
  const [, base = "", phase] = /^(.+?)(?:_(?:phase_)?([abc]|l[123]))?$/.exec(text(name)) ?? [];
  const known = Object.hasOwn(NUMERIC, base) ? NUMERIC[base] : undefined;
  const [point, ...units] = known ?? [];
  if (point === undefined || !units.includes(text(unit)) || !can(access, TOLD)) return [];
  return [[`${point}${PHASES[phase ?? ""] ?? ""}`, { field: text(property), unit: text(unit) }]];
}

/** A switch's state; of several endpoints the point is numbered by its place. */
function statePoints(features: readonly Values[]): [string, ZigbeePoint][] {
  const states = features.filter(
    ({ name, access, value_on, value_off }) =>
      name === "state" && can(access, SETTABLE) && value_on === "ON" && value_off === "OFF",
  );
  return states.map(({ property }, index) => [
    states.length === 1 ? "relay" : `relay_${index + 1}`,
    { field: text(property), unit: "1", write: true, lease: "none" },
  ]);
}

function pointsOf(exposes: readonly Values[]): Record<string, ZigbeePoint> {
  const switches = exposes
    .filter(({ type }) => type === "switch")
    .flatMap(({ features }) => listOf(features));
  const numbers = exposes.filter(({ type }) => type === "numeric");
  const points = [...statePoints(switches), ...numbers.flatMap(numericPoint)];
  return Object.fromEntries(points.filter(([, { field }]) => field !== ""));
}

/** Devices that could serve, by the bridge's own list. Anything that is not such a list gives none. */
export function zigbeeDevices(payload: string): readonly ZigbeeDevice[] {
  return listOf(parsed(payload))
    .slice(0, DEVICES_MAX)
    .filter(
      ({ type, supported, disabled }) => type !== "Coordinator" && supported === true && disabled !== true,
    )
    .map(({ friendly_name, definition }) => {
      const { vendor, model, exposes } = asObject(definition);
      return {
        friendlyName: text(friendly_name),
        vendor: text(vendor),
        model: text(model),
        points: pointsOf(listOf(exposes)),
      };
    })
    .filter(({ friendlyName, points }) => friendlyName !== "" && Object.keys(points).length > 0);
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
