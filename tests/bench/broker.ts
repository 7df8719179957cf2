// Events per second through the embedded broker against mosquitto, in one run on the same machine: the ratio counts,
// not the rate. QoS 0, one subscriber, 8 and 32 publishers; broker and load are processes of their own.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../controller/cli/supervisor/ports.ts";

export interface BrokerRow {
  readonly name: string;
  /** Messages per second that one subscriber got. */
  readonly ours: number;
  readonly mosquitto: number;
  readonly ratio: number;
}

const PUBLISHERS = [8, 32];
const SECONDS = 1.5;
/** The best of these counts: anything else that runs on the machine only makes a round slower. */
const ROUNDS = 2;
const START_TRIES = 100;
const here = (file: string): string => join(import.meta.dirname, file);

interface Running {
  readonly port: number;
  stop(): Promise<void>;
}

/** Our broker and mosquitto in turn under the same load; takes half a minute. Needs mosquitto on the machine. */
export async function benchBroker(): Promise<readonly BrokerRow[]> {
  const ours = await rates(await startOurs());
  const mosquitto = await rates(await startMosquitto());
  return PUBLISHERS.map((publishers, index) => {
    const [mine = Number.NaN, theirs = Number.NaN] = [ours[index], mosquitto[index]];
    return { name: `QoS 0, ${publishers} publishers`, ours: mine, mosquitto: theirs, ratio: mine / theirs };
  });
}

async function rates({ port, stop }: Running): Promise<readonly number[]> {
  try {
    const all = PUBLISHERS.map(() => 0);
    for (const [index, publishers] of [...PUBLISHERS.entries()].flatMap((each) =>
      Array.from({ length: ROUNDS }, () => each),
    )) {
      const load = fork(here("broker-load.ts"));
      const ended = once(load, "exit");
      load.send({ port, publishers, seconds: SECONDS });
      const [{ rate }] = (await Promise.race([once(load, "message"), died(load, "load")])) as [
        { rate: number },
      ];
      all[index] = Math.max(all[index] ?? 0, rate);
      await ended;
    }
    return all;
  } finally {
    await stop();
  }
}

async function died(child: ChildProcess, what: string): Promise<never> {
  const [code] = (await once(child, "exit")) as [number | null];
  await wait(100);
  throw new Error(`the ${what} process ended with ${code}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function startOurs(): Promise<Running> {
  const child = fork(here("broker-serve.ts"));
  const [{ port }] = (await Promise.race([once(child, "message"), died(child, "broker")])) as [
    { port: number },
  ];
  return {
    port,
    async stop() {
      if (child.connected) child.disconnect();
      await ended(child);
    },
  };
}

/** On a free port of loopback, keeping nothing. */
export async function startMosquitto(): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), "gridwright-mosquitto-"));
  const port = await freePort();
  const config = join(folder, "mosquitto.conf");
  await writeFile(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type none\n`,
  );
  const child = spawn("mosquitto", ["-c", config], {
    stdio: "ignore",
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  child.on("error", () => undefined);
  await answers(port);
  return {
    port,
    async stop() {
      child.kill();
      await ended(child);
      await rm(folder, { recursive: true });
    },
  };
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < START_TRIES; tries += 1) {
    const socket = connect(port, "127.0.0.1");
    const up = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "close").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (up) return;
    await wait(50);
  }
  throw new Error("mosquitto did not start: apt install mosquitto");
}
