// A village at 10:42 as Grafana's own data sources put it into data frames: InfluxQL's name each series by its alias and carry
// the value's own time; Prometheus' instant answers carry the time of the question, so that times are asked for apart.

/** The browser's present, ms since 1970. */
export const NOW = Date.UTC(2026, 5, 17, 10, 42, 18);

export interface Told {
  readonly metric: string;
  readonly asset: string;
  readonly kind: string;
  readonly value: number;
  /** Age of the value, s. */
  readonly age?: number;
}

const powers = (kind: string, watts: Readonly<Record<string, number>>): readonly Told[] =>
  Object.entries(watts).map(([asset, value]) => ({ metric: "power", asset, kind, value }));
const supply = (kind: string, on: Readonly<Record<string, number>>): readonly Told[] =>
  Object.entries(on).map(([asset, value]) => ({ metric: "switch", asset, kind, value }));

/** Sun 9.3 kW, grid 1.2 kW in, battery filling with 2.9 kW: 7.6 kW are taken, 2.87 kW of it by machines. */
export const MORNING: readonly Told[] = [
  ...powers("pv", { "roof-east": 5_900, "roof-west": 3_400 }),
  ...powers("grid", { grid: 1_200 }),
  { metric: "battery_power", asset: "battery", kind: "battery", value: -2_900 },
  { metric: "soc", asset: "battery", kind: "battery", value: 0.634 },
  { metric: "grid_present", asset: "grid", kind: "grid", value: 1 },
  { metric: "switch", asset: "genset", kind: "generator", value: 0 },
  ...powers("machine", { laser: 740, saw: 1_890, compressor: 35, "printer-1": 205 }),
  ...supply("machine", { laser: 1, saw: 1, compressor: 0, "printer-1": 1 }),
  ...powers("load", {
    "house-1-heater": 1_430,
    "house-2-heater": 3,
    "house-2-sockets": 212,
    "house-10-heater": 1_510,
  }),
  ...supply("load", {
    "house-1-heater": 1,
    "house-2-heater": 0,
    "house-2-sockets": 1,
    "house-10-heater": 1,
    pump: 0,
  }),
  { metric: "power", asset: "cold-store", kind: "load", value: 390, age: 2_400 },
  { metric: "switch", asset: "cold-store", kind: "load", value: 1 },
];

/** Values are a few seconds old where nothing else is said. */
const AGE_S = 4;
const timeOf = ({ age = AGE_S }: Told): number => NOW - age * 1_000;

export interface FrameDto {
  readonly refId: string;
  readonly name: string;
  readonly fields: readonly {
    readonly name: string;
    readonly type: string;
    readonly values: readonly unknown[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly config?: Readonly<Record<string, unknown>>;
  }[];
}

/** As the dashboards ask: named by the measurement. */
export const influxql = (all: readonly Told[]): readonly FrameDto[] =>
  all.map((told) => ({
    ...{ refId: "A", name: told.metric },
    fields: [
      { name: "Time", type: "time", values: [timeOf(told)] },
      {
        ...{ name: "Value", type: "number", values: [told.value] },
        labels: { asset: told.asset, kind: told.kind },
        config: { displayNameFromDS: told.metric },
      },
    ],
  }));

const promFrame = ({ metric, asset, kind }: Told, refId: string, value: number): FrameDto => ({
  ...{ refId, name: `${metric}_value` },
  fields: [
    { name: "Time", type: "time", values: [NOW] },
    {
      ...{ name: "Value", type: "number", values: [value] },
      labels: { __name__: `${metric}_value`, asset, kind },
      config: { displayNameFromDS: `${metric}_value` },
    },
  ],
});

export const promql = (all: readonly Told[]): readonly FrameDto[] =>
  all.flatMap((told) => [promFrame(told, "A", told.value), promFrame(told, "A-time", timeOf(told) / 1_000)]);
