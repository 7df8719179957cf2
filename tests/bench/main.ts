// `npm run bench [name …] [quick]`: measures and writes BENCHMARKS.md. Targets are judged by a reader, never asserted here.
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { replaceSection } from "./document.ts";
import { plain } from "./figures.ts";

interface Bench {
  readonly id: string;
  readonly title: string;
  /** What it takes on two cores. */
  readonly takes: string;
  /** Measures; gives the section's text. */
  readonly run: (quick: boolean) => Promise<string>;
}

const BENCHMARKS = fileURLToPath(new URL("../../BENCHMARKS.md", import.meta.url));

const ALL: readonly Bench[] = [
  {
    id: "latency",
    title: "From a meter's register to the relay's command",
    takes: "40 min",
    run: async (quick) => (await import("./latency/latency.ts")).benchLatency(quick),
  },
  {
    id: "decide",
    title: "One tick of the brain",
    takes: "2 min",
    run: async () => (await import("./decide.ts")).benchDecide(),
  },
  {
    id: "shedding",
    title: "The village's hard week, shed in five ways",
    takes: "10 min",
    run: async () => (await import("./shedding/section.ts")).benchShedding(),
  },
  {
    id: "plan",
    title: "The planner: its time, its neighbours, its worth",
    takes: "10 min",
    run: async (quick) => (await import("./plan/section.ts")).benchPlan(quick),
  },
  {
    id: "start",
    title: "Start",
    takes: "3 min",
    run: async () => (await import("./start.ts")).benchStart(),
  },
  {
    id: "cold-start",
    title: "An installed site from power-on",
    takes: "4 min",
    run: async () => (await import("./cold-start.ts")).benchColdStart(),
  },
  {
    id: "memory",
    title: "A day of the demo at 60×",
    takes: "25 min",
    run: async (quick) => (await import("./memory.ts")).benchMemory(quick),
  },
  {
    id: "broker",
    title: "The embedded broker against mosquitto",
    takes: "30 s",
    run: async () => (await import("./broker-section.ts")).brokerSection(),
  },
  {
    id: "modbus",
    title: "Modbus requests against modbus-serial alone",
    takes: "30 s",
    run: async () => (await import("./modbus.ts")).benchModbus(),
  },
  {
    id: "bus-requests",
    title: "Modbus requests against libmodbus",
    takes: "30 s",
    run: async () => (await import("./bus-requests.ts")).benchBusRequests(),
  },
  {
    id: "bus-line",
    title: "Ten meters on one line of 9600 baud",
    takes: "100 s",
    run: async () => (await import("./bus-line.ts")).benchBusLine(),
  },
  {
    id: "simulate",
    title: "Simulated days",
    takes: "8 min",
    run: async () => (await import("./simulate.ts")).benchSimulate(),
  },
  {
    id: "metrics-write",
    title: "From the journal into metrics databases",
    takes: "8 min",
    run: async (quick) => (await import("./metrics-write.ts")).benchMetricsWrite(quick),
  },
  {
    id: "metrics-backlog",
    title: "Three days without a database, brought in",
    takes: "1 h",
    run: async (quick) => (await import("./metrics-backlog.ts")).benchMetricsBacklog(quick),
  },
  {
    id: "metrics-history",
    title: "Questions to the local history",
    takes: "5 min",
    run: async (quick) => (await import("./metrics-history.ts")).benchMetricsHistory(quick),
  },
  {
    id: "metrics-disk",
    title: "What a day of metrics costs a card",
    takes: "2 min",
    run: async (quick) => (await import("./metrics-disk.ts")).benchMetricsDisk(quick),
  },
  {
    id: "ledger",
    title: "A year of a hundred members' energy ledger",
    takes: "5 min",
    run: async (quick) => (await import("./ledger.ts")).benchLedger(quick),
  },
  {
    id: "backup",
    title: "Backup and restore of a year of data",
    takes: "3 min",
    run: async (quick) => (await import("./backup.ts")).benchBackup(quick),
  },
  {
    id: "bus-many",
    title: "Many Modbus TCP devices in one process",
    takes: "80 s",
    run: async () => (await import("./bus-many.ts")).benchBusMany(),
  },
  {
    id: "control-many",
    title: "Many Modbus TCP devices in the control process",
    takes: "2 min",
    run: async () => (await import("./control-many.ts")).benchControlMany(),
  },
  {
    id: "boxes",
    title: "Boxes: their chips, their line, their bridge",
    takes: "4 min",
    run: async (quick) => (await import("./boxes/section.ts")).benchBoxes(quick),
  },
  {
    id: "flows",
    title: "The technicians' flows",
    takes: "15 min",
    run: async (quick) => (await import("./flows/section.ts")).benchFlows(quick),
  },
  {
    id: "page",
    title: "The members' page on a slow phone",
    takes: "2 min",
    run: async (quick) => (await import("./page.ts")).benchPage(quick),
  },
  {
    id: "page-live",
    title: "From a device to the pixel, and 200 open pages",
    takes: "3 min",
    run: async (quick) => (await import("./page-live.ts")).benchPageLive(quick),
  },
];

/** A small form of those that have one, to see that it works; its figures are shown and not written. */
const QUICK = "quick";
const quick = process.argv.includes(QUICK);

const load = (): string => plain(loadavg()[0] ?? Number.NaN);

async function measure({ id, title, takes, run }: Bench): Promise<void> {
  console.log(`\n${title} (${quick ? "quick, not written" : `about ${takes}`}) …`);
  const before = load();
  const body = await run(quick);
  const when = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const text = `## ${title}\n\n${body}\n\nMeasured ${when}; load average ${before} before, ${load()} after.`;
  if (!quick)
    replaceSection(
      BENCHMARKS,
      ALL.map((bench) => bench.id),
      { id, text },
    );
  console.log(text);
}

const wanted = process.argv.slice(2).filter((word) => word !== QUICK);
const unknown = wanted.filter((word) => !ALL.some(({ id }) => id === word));
if (unknown.length > 0) {
  console.error(
    `no such measurement: ${unknown.join(", ")}; there are ${ALL.map(({ id }) => id).join(", ")}`,
  );
  process.exit(2);
}
for (const bench of ALL) if (wanted.length === 0 || wanted.includes(bench.id)) await measure(bench);
process.exit(0);
