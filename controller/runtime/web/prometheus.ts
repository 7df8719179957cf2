// GET /metrics: what gridwright says of itself, through prom-client, filled anew at each question from what services know.
// Whoever may read the API may read it: by a token, as Prometheus sends one.
import type { JobsReport } from "@gridwright/contract/jobs.ts";
import type { BusesMessage, Spread } from "@gridwright/contract/messages.ts";
import { OWN_METRICS, type OwnMetricName } from "@gridwright/contract/own-metrics.ts";
import { Counter, Gauge, Registry } from "prom-client";
import { controlOf, type View } from "../live/view.ts";
import { bytesWritten } from "../loop/process-report.ts";
import type { RecorderStatus } from "../recorder/recorder.ts";
import { READ } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";

type Labels = Readonly<Record<string, string>>;
/** One measured value. */
type Sample = readonly [name: OwnMetricName, value: number | null | undefined, labels?: Labels];

const MS = 1_000;
const quantiles = (name: OwnMetricName, { p50, p99, max }: Spread): readonly Sample[] => [
  [name, p50 / MS, { quantile: "0.5" }],
  [name, p99 / MS, { quantile: "0.99" }],
  [name, max / MS, { quantile: "1" }],
];

function controlSamples(view: View): readonly Sample[] {
  const up: Sample = ["gridwright_control_up", Number(controlOf(view).state === "live")];
  if (view.process === undefined) return [up];
  const { ticks, latenessMs, tickMs, memoryBytes, diskWrittenBytes, journal } = view.process;
  return [
    up,
    ["gridwright_control_ticks_total", ticks],
    ...quantiles("gridwright_control_lateness_seconds", latenessMs),
    ...quantiles("gridwright_control_tick_seconds", tickMs),
    ["gridwright_memory_bytes", memoryBytes, { process: "control" }],
    ["gridwright_disk_written_bytes_total", diskWrittenBytes, { process: "control" }],
    ["gridwright_journal_written_bytes_total", journal.writtenBytes],
    ["gridwright_journal_queued_bytes", journal.queuedBytes],
    ["gridwright_journal_merged_total", journal.merged],
    ["gridwright_journal_refused_total", journal.refused],
    ["gridwright_journal_failing", Number(journal.failing)],
  ];
}

const busSamples = (buses: BusesMessage["buses"] = {}): readonly Sample[] =>
  Object.entries(buses).flatMap(([bus, { up, requests, timeouts, strays, utilisation }]): Sample[] => [
    ["gridwright_bus_up", Number(up), { bus }],
    ["gridwright_bus_requests_total", requests, { bus }],
    ["gridwright_bus_timeouts_total", timeouts, { bus }],
    ["gridwright_bus_strays_total", strays, { bus }],
    ["gridwright_bus_utilisation_ratio", utilisation, { bus }],
  ]);

const deviceSamples = ({ devices, alarms }: View): readonly Sample[] => [
  ...[...devices].flatMap(([device, { errors, ageMs }]): Sample[] => [
    ["gridwright_device_errors_total", errors, { device }],
    ["gridwright_device_age_seconds", ageMs === null ? null : ageMs / MS, { device }],
  ]),
  ...(["info", "warning", "critical"] as const).map((severity): Sample => {
    const standing = [...alarms.values()].filter((alarm) => alarm.severity === severity);
    return ["gridwright_alarms", standing.length, { severity }];
  }),
];

function recorderSamples({ history, influx }: RecorderStatus, wall: number): readonly Sample[] {
  return [
    ["gridwright_history_taken_total", history.taken],
    ["gridwright_history_damaged_blocks", history.damaged],
    ["gridwright_history_failing", Number(history.trouble !== null)],
    ...influx.flatMap(({ url, database, ...status }): Sample[] => {
      const labels = { target: `${url} ${database}` };
      return [
        ["gridwright_metrics_written_total", status.written, labels],
        ["gridwright_metrics_refused_total", status.refused, labels],
        ["gridwright_metrics_expired_total", status.expired, labels],
        ["gridwright_metrics_mistimed_total", status.mistimed, labels],
        ["gridwright_metrics_lost_total", status.damage, labels],
        ["gridwright_metrics_thinned_total", status.thinned, labels],
        ["gridwright_metrics_failing", Number(status.trouble !== null), labels],
        [
          "gridwright_metrics_backlog_seconds",
          status.newest === null ? null : (wall - status.newest) / MS,
          labels,
        ],
      ];
    }),
  ];
}

const wearSamples = ({ wears }: Pick<Web, "wears">): readonly Sample[] =>
  Object.entries(wears.perDay()).map(
    ([process, perDay]): Sample => ["gridwright_disk_written_bytes_per_day", perDay, { process }],
  );

function shopSamples({ jobs, machines }: JobsReport): readonly Sample[] {
  const counted = Map.groupBy(jobs, ({ machine, state }) => `${machine}/${state}`);
  return [
    ...[...counted.values()].flatMap((all): Sample[] => {
      const [first] = all;
      if (first === undefined) return [];
      return [["gridwright_jobs", all.length, { machine: first.machine, state: first.state }]];
    }),
    ...machines.flatMap(({ id: machine, runMs, starts, care }): Sample[] => [
      ["gridwright_machine_running_seconds_total", runMs / MS, { machine }],
      ["gridwright_machine_starts_total", starts, { machine }],
      ...care.map(
        ({ name, leftMs }): Sample => [
          "gridwright_machine_care_left_seconds",
          leftMs === undefined ? null : leftMs / MS,
          { machine, care: name },
        ],
      ),
    ]),
  ];
}

/** Everything that is known now. */
function ownSamples({
  view,
  io,
  recorderStatus,
  workshop,
}: Pick<Web, "view" | "io" | "recorderStatus" | "workshop">): readonly Sample[] {
  const services = { process: "services" };
  return [
    ...controlSamples(view),
    ...busSamples(view.buses?.buses),
    ...deviceSamples(view),
    ["gridwright_memory_bytes", process.memoryUsage.rss(), services],
    ["gridwright_disk_written_bytes_total", bytesWritten(), services],
    ...(recorderStatus === undefined ? [] : recorderSamples(recorderStatus(), io.wall())),
    ...(workshop === undefined ? [] : shopSamples(workshop.report())),
  ];
}

/** What Prometheus reads; what is not known is not there. */
export async function exposition(samples: readonly Sample[]): Promise<{ type: string; text: string }> {
  const registry = new Registry();
  for (const [name, own] of Map.groupBy(samples, ([each]) => each)) {
    const { help, labels } = OWN_METRICS[name];
    const known = own.flatMap(([, value, of = {}]) =>
      value === null || value === undefined ? [] : [{ value, of }],
    );
    if (known.length === 0) continue;
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    if (name.endsWith("_total")) {
      const counter = new Counter(options);
      for (const { value, of } of known) counter.inc(of, value);
    } else {
      const gauge = new Gauge(options);
      for (const { value, of } of known) gauge.set(of, value);
    }
  }
  return { type: registry.contentType, text: await registry.metrics() };
}

/** Adds the route. */
export function addPrometheus(app: Api, web: Web): void {
  app.get("/metrics", { schema: { hide: true }, config: { access: READ } }, async (_request, reply) => {
    const { type, text } = await exposition([...ownSamples(web), ...wearSamples(web)]);
    return reply.type(type).send(text);
  });
}
