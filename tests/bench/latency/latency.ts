// How long it takes from a change of the fast meter's register until the relay's command arrives: the real control
// process, with its broker, on small servers of this process, with the machine idle, busy and flooded. A step to 160 % is shed at
// once, without dwell.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { percentile, plain, spread, table } from "../figures.ts";
import { anyInspectPort, type Inspector, inspect } from "../inspect.ts";
import { withControl } from "../processes.ts";
import { BURDENS, type Burden } from "./burdens.ts";
import { type BenchDevices, CALM, startBenchDevices } from "./devices.ts";
import { writeSite } from "./site.ts";

const TRIALS = 1_000;
const QUICK_TRIALS = 50;
const OVERLOAD = 1.6;
const PERIOD_MS = 200;
const TARGET_MS = PERIOD_MS + 50;
const SETTLE_MS = 4_000;
const SHED_MAX_MS = 3_000;
const BACK_MAX_MS = 3_000;
const LOST_MAX = 10;
const SAY_EVERY = 100;
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

const LATENESS_RESOLUTION_MS = 2;
const LATENESS = `(() => {
  globalThis.gridwrightLate ??= process.getBuiltinModule("node:perf_hooks").monitorEventLoopDelay({ resolution: ${LATENESS_RESOLUTION_MS} });
  globalThis.gridwrightLate.enable();
  globalThis.gridwrightLate.reset();
  return true;
})()`;
const LATENESS_SEEN = "[50, 99, 99.9, 100].map((share) => globalThis.gridwrightLate.percentile(share) / 1e6)";

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
  readonly burden: string;
  readonly done: readonly Trial[];
  /** Steps that no relay answered in time. */
  readonly lost: number;
  /** Lateness of control's event loop: p50, p99, p99.9 and most; ms. */
  readonly late: readonly number[];
}

interface Scene {
  readonly devices: BenchDevices;
  readonly watch: Watch;
  readonly inspector: Inspector;
  readonly brokerPort: number;
}

async function trials(
  { devices, watch, inspector, brokerPort }: Scene,
  { name, begin }: Burden,
  most: number,
): Promise<Trials> {
  const end = await begin(brokerPort);
  const done: Trial[] = [];
  let lost = 0;
  await inspector.evaluate(LATENESS);
  while (done.length < most && lost < LOST_MAX) {
    const trial = await oneTrial(devices, watch);
    if (trial === undefined) lost += 1;
    else if (done.push(trial) % SAY_EVERY === 0) console.log(`${name}: ${done.length} of ${most} steps`);
  }
  const late = await inspector.evaluate<readonly number[]>(LATENESS_SEEN);
  await end();
  return { burden: name, done, lost, late: late.map((ms) => Math.max(0, ms - LATENESS_RESOLUTION_MS)) };
}

async function withDevices<T>(use: (scene: Scene) => Promise<T>): Promise<T> {
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
    return await withControl(write, async (control, { brokerPort }) => {
      await wait(SETTLE_MS);
      const inspector = await inspect((await control.ready).pid, control.lines);
      return use({ devices, watch, inspector, brokerPort }).finally(() => inspector.close());
    });
  } finally {
    await devices.close();
  }
}

const verdict = ({ burden, done }: Trials): string => {
  const { p99 } = spread(done.map(({ whole }) => whole));
  return `${burden} ${plain(p99)} ms: ${p99 <= TARGET_MS ? "met" : "missed"}`;
};

const PARTS: readonly (readonly [name: string, of: (trial: Trial) => number])[] = [
  ["register changed → command's bytes at the relay board", ({ whole }) => whole],
  ["register changed → read by control (waits for the poll)", ({ pollWait }) => pollWait],
  ["that read answered → command's bytes (decide and write)", ({ decideWrite }) => decideWrite],
];

function rowsOf({ burden, done, late }: Trials): string[][] {
  const parts = PARTS.map(([name, of]) => {
    const values = done.map(of);
    const { p50, p99, max } = spread(values);
    return [burden, name, ...[p50, p99, percentile(values, 0.999), max].map((ms) => plain(ms))];
  });
  return [...parts, [burden, "lateness of control's event loop", ...late.map((ms) => plain(ms))]];
}

export async function benchLatency(quick: boolean): Promise<string> {
  anyInspectPort();
  const measured: Trials[] = [];
  await withDevices(async (scene) => {
    for (const burden of BURDENS) measured.push(await trials(scene, burden, quick ? QUICK_TRIALS : TRIALS));
  });
  const lost = measured.reduce((sum, one) => sum + one.lost, 0);
  const missing = `${lost} further steps were not answered within ${SHED_MAX_MS} ms.`;
  return `${measured[0]?.done.length ?? 0} trials each: the meter (RTU over TCP, polled each ${PERIOD_MS} ms) steps to ${OVERLOAD * 100} % of a phase's rating at a
random moment; the command goes to a relay board on a socket of its own. In ms. No serial line is simulated: at 38 400 baud
the meter's answer comes about 45 ms later than here, and a relay's contact moves about 10 ms after its command. Busy: a program on
each core that never rests, with the same right to it as control. Flooded: 200 connections open at any time at the broker's port, most of
them saying nothing or nonsense.

${table(["the machine", "", "p50", "p99", "p99.9", "max"], measured.flatMap(rowsOf))}

Target: p99 ≤ ${PERIOD_MS} ms + 50 ms: ${measured.map(verdict).join("; ")}. ${lost === 0 ? "Every step was answered." : missing} Milder overloads wait for half of the inverter's own overload time before anything is shed.`;
}
