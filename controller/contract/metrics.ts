// The catalogue of what a metrics database is given: measurements, their tags and fields, units, and how many series that
// makes. The writer builds its lines by it, dashboards ask by it, docs/metrics.md is it. A channel's measurement is
// the base name of its point; a tag that an asset does not have is left out.
import { POINTS, type PointKind, parsePointName, type Unit } from "./points.ts";

/** Every tag and what it says; none ever holds free text. */
export const METRIC_TAGS = {
  alarm: "what the alarm is about: `device-lost`, `battery-low`",
  asset: "id of the asset in the site file",
  care: "name of a machine's maintenance in the site file",
  channel: "number of the channel of a device with several",
  kind: "kind of the asset: grid, inverter, battery, pv, generator, feeder, meter, load, machine, ev",
  member: "id of the member whose it is",
  outcome: "how a job ended: done, unfinished, never-started, cancelled",
  phase: "L1, L2 or L3; without it the total",
  rule: "the rule that decided",
  severity: "info, warning or critical",
  site: "id of the site",
  subject: "device, asset or thing that the alarm concerns",
  tier: "need of a load: 0 is spared to the last, 4 goes first",
} as const satisfies Record<string, string>;
export type MetricTag = keyof typeof METRIC_TAGS;

/** The tags of every channel, in the order in which lines carry them. */
export const CHANNEL_TAGS = ["asset", "channel", "kind", "member", "phase", "site", "tier"] as const;

/** What an asset has beside the points of the catalogue: its actuator. */
export const ACTUATOR_METRICS = {
  switch: "supply of a load: 1 has power, 0 has not, whatever the contact's wiring",
  limit: "limit of output as a share of the rating; 1 is no limit",
} as const;

interface EventMetric {
  readonly meaning: string;
  readonly tags: readonly MetricTag[];
  readonly value: string;
  readonly text: string;
  readonly series: string;
}

/** Written to databases that keep text; never to VictoriaMetrics, which would make zeros of it. */
export const EVENT_METRICS = {
  decision: {
    meaning: "a change of what is wanted of an asset",
    tags: ["asset", "rule", "site"],
    value: "supply wanted (1 or 0), or the limit as a share",
    text: "the reason in English",
    series: "one per asset and rule that ever decided on it",
  },
  alarm: {
    meaning: "an alarm began, stands, or is over",
    tags: ["alarm", "severity", "site", "subject"],
    value: "1 while it stands, 0 when it is over",
    text: "the reason in English",
    series: "one per alarm and subject that ever occurred",
  },
} as const satisfies Record<string, EventMetric>;
export type EventMetricName = keyof typeof EVENT_METRICS;

interface WorkshopMetric {
  readonly unit: Unit;
  readonly meaning: string;
  readonly tags: readonly MetricTag[];
  readonly counter: boolean;
  readonly series: string;
}

const MACHINE_TAGS = ["asset", "site"] as const;
const JOB_TAGS = ["asset", "member", "outcome", "site"] as const;
const JOB_SERIES = "one per machine, member and outcome that ever occurred";

/** What the workshop's queue counts: each machine's use at every full quarter of an hour, a job's totals at its end. A job's
 * id is no tag: it would begin a series with each job. Databases that keep text get it beside `job_energy`. */
export const WORKSHOP_METRICS = {
  machine_time: {
    ...{ unit: "s", meaning: "true running time of a machine", counter: true },
    ...{ tags: MACHINE_TAGS, series: "one per machine" },
  },
  machine_starts: {
    ...{ unit: "1", meaning: "times that a machine began to work", counter: true },
    ...{ tags: MACHINE_TAGS, series: "one per machine" },
  },
  care_left: {
    ...{ unit: "1", meaning: "what is left until a machine's care is due; below 0: overdue", counter: false },
    ...{ tags: ["asset", "care", "site"], series: "one per machine and care in the site file" },
  },
  job_energy: {
    ...{ unit: "Wh", meaning: "energy of a job, with the machines that ran with it", counter: false },
    ...{ tags: JOB_TAGS, series: JOB_SERIES },
  },
  job_sun_energy: {
    ...{ unit: "Wh", meaning: "of a job's energy, what came from the sun as it flowed", counter: false },
    ...{ tags: JOB_TAGS, series: JOB_SERIES },
  },
  job_time: {
    ...{ unit: "s", meaning: "time in which the machine worked for a job", counter: false },
    ...{ tags: JOB_TAGS, series: JOB_SERIES },
  },
} as const satisfies Record<string, WorkshopMetric>;
export type WorkshopMetricName = keyof typeof WORKSHOP_METRICS;

/** What stands unchanged is told again at every full so many ms since 1970: a query looks back no further. */
export const REPEAT_MS = 900_000;

export interface ChannelMetric {
  readonly name: string;
  readonly unit: Unit;
  readonly meaning: string;
  readonly counter: boolean;
  /** Series that one asset makes at most. */
  readonly series: string;
}

const seriesOf = ({ perPhase, channels }: PointKind): string =>
  channels ? "1 per channel" : perPhase ? "1, and 1 per phase" : "1";

/** Every measurement that a channel can have. */
export const channelMetrics = (): readonly ChannelMetric[] => [
  ...Object.entries(ACTUATOR_METRICS).map(([name, meaning]) => ({
    ...{ name, meaning, unit: "1" as const, counter: false, series: "1" },
  })),
  ...Object.entries(POINTS).map(([name, point]) => {
    const kind: PointKind = point;
    const { unit, meaning, counter = false } = kind;
    return { name, unit, meaning, counter, series: seriesOf(kind) };
  }),
];

/** A channel's point as measurement, phase and channel: `power_l2` is `power` with `phase=L2`. */
export function metricOf(point: string): {
  readonly name: string;
  readonly phase: string | undefined;
  readonly channel: string | undefined;
} {
  const parsed = parsePointName(point);
  return { name: parsed?.base ?? point, phase: parsed?.phase, channel: parsed?.channel?.toString() };
}
