// How long it takes from a change of the fast meter's register until the relay's command arrives: the real control
// process, with its broker, on small servers of this process. A step to 160 % is shed at once, without dwell.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { cells, plain, type Spread, spread, table } from "../figures.ts";
import { withControl } from "../processes.ts";
import { type BenchDevices, CALM, startBenchDevices } from "./devices.ts";
import { writeSite } from "./site.ts";

const TRIALS = 220;
const OVERLOAD = 1.6;
const PERIOD_MS = 200;
const TARGET_MS = PERIOD_MS + 50;
const SETTLE_MS = 4_000;
const SHED_MAX_MS = 3_000;
const BACK_MAX_MS = 3_000;
const LOST_MAX = 10;
/** The meter reads the calm load for a random time, at least one period. */
const PHASE_MS = 2 * PERIOD_MS;

interface Trial {
  readonly whole: number;
  readonly pollWait: number;
  readonly decideWrite: number;
}

/** The trial under way; times in ns. */
interface Watch {
  steppedAt: bigint | undefined;
  readAt: bigint | undefined;
  done: (channel: number, at: bigint) => void;
}

const millisBetween = (from: bigint, to: bigint): number => Number(to - from) / 1e6;

async function oneTrial(devices: BenchDevices, watch: Watch): Promise<Trial | undefined> {
  await wait(PERIOD_MS + Math.random() * PHASE_MS);
  const { promise, resolve } = Promise.withResolvers<readonly [number, bigint]>();
  watch.readAt = undefined;
  watch.done = (channel, at) => resolve([channel, at]);
  const steppedAt = process.hrtime.bigint();
  devices.setLoad(OVERLOAD);
  watch.steppedAt = steppedAt;
  const result = await Promise.race([promise, wait(SHED_MAX_MS, undefined, { ref: false })]);
  devices.setLoad(CALM);
  watch.steppedAt = undefined;
  const { readAt } = watch;
  if (result === undefined || readAt === undefined) return undefined;
  const [channel, cutAt] = result;
  const until = performance.now() + BACK_MAX_MS;
  while (devices.energised().includes(channel) && performance.now() < until) await wait(20);
  return {
    whole: millisBetween(steppedAt, cutAt),
    pollWait: millisBetween(steppedAt, readAt),
    decideWrite: millisBetween(readAt, cutAt),
  };
}

interface Trials {
  readonly done: readonly Trial[];
  /** Steps that no relay answered in time. */
  readonly lost: number;
}

async function trials(devices: BenchDevices, watch: Watch): Promise<Trials> {
  const done: Trial[] = [];
  let lost = 0;
  while (done.length < TRIALS && lost < LOST_MAX) {
    const trial = await oneTrial(devices, watch);
    if (trial === undefined) lost += 1;
    else done.push(trial);
  }
  return { done, lost };
}

async function withDevices<T>(use: (devices: BenchDevices, watch: Watch) => Promise<T>): Promise<T> {
  const watch: Watch = { steppedAt: undefined, readAt: undefined, done: () => undefined };
  const devices = await startBenchDevices({
    read: (at) => {
      if (watch.steppedAt !== undefined) watch.readAt ??= at;
    },
    cut: (channel, at) => {
      if (watch.steppedAt !== undefined) watch.done(channel, at);
    },
  });
  const write = (folder: string, broker: number): string => {
    const file = join(folder, "site.yaml");
    writeSite(file, { ...devices.ports, broker });
    return file;
  };
  try {
    return await withControl(write, async () => {
      await wait(SETTLE_MS);
      return use(devices, watch);
    });
  } finally {
    await devices.close();
  }
}

const verdict = ({ p99 }: Spread): string =>
  `Target: p99 ≤ ${PERIOD_MS} ms + 50 ms; measured ${plain(p99)} ms: ${p99 <= TARGET_MS ? "met" : "missed"}.`;

export async function benchLatency(): Promise<string> {
  const { done, lost } = await withDevices(trials);
  const whole = spread(done.map((trial) => trial.whole));
  const rows: [string, Spread][] = [
    ["register changed → command's bytes at the relay board", whole],
    ["register changed → read by control (waits for the poll)", spread(done.map((trial) => trial.pollWait))],
    [
      "that read answered → command's bytes (decide and write)",
      spread(done.map((trial) => trial.decideWrite)),
    ],
  ];
  const missing = `${lost} further steps were not answered within ${SHED_MAX_MS} ms.`;
  return `${done.length} trials: the meter (RTU over TCP, polled each ${PERIOD_MS} ms) steps to ${OVERLOAD * 100} % of a phase's rating at a
random moment; the command goes to a relay board on a socket of its own. In ms. No serial line is simulated: at 38 400 baud
the meter's answer comes about 45 ms later than here, and a relay's contact moves about 10 ms after its command.

${table(
  ["", "p50", "p99", "max"],
  rows.map(([name, figures]) => [name, ...cells(figures)]),
)}

${verdict(whole)} ${lost === 0 ? "Every step was answered." : missing} Milder overloads wait for half of the inverter's own overload time before anything is shed.`;
}
