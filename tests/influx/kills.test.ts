// Twenty kills at moments that a seed draws, of the recorder, of the database, or of the recorder while that is away, while points come in: in the end the
// database holds every point of the journal at its time, and no other; so does the local history.
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Recorder } from "@gridwright/runtime/recorder/recorder.ts";
import { figure } from "../tools/figure.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";
import { append, gardenJournal } from "./garden-journal.ts";
import { prepareInfluxd } from "./influxd.ts";
import { differences, influxPoints, journalPoints } from "./points.ts";

const CHILD = fileURLToPath(new URL("./recorder-child.ts", import.meta.url));
const KILLS = 20;
const SEED = 20_261_128;
/** In one of so many rounds the database is away a while and then the recorder goes, which alone knows what was not sent. */
const BOTH_EVERY = 5;
const PATIENCE_MS = 30_000;
function victim(round: number, drawn: number): "recorder" | "influxd" | "both" {
  if (round % BOTH_EVERY === 0) return "both";
  return drawn < 0.5 ? "recorder" : "influxd";
}

/** Numbers from 0 to 1 that only the seed decides. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

interface Told {
  readonly counts: Readonly<Record<string, number>>;
  readonly status: ReturnType<Recorder["status"]>;
}

async function ask(recorder: ChildProcess): Promise<Told> {
  recorder.send("counts");
  const [told] = (await once(recorder, "message")) as [Told];
  return told;
}

/** It is past its start, and what it sends is taken. */
const isTaken = async (recorder: ChildProcess): Promise<boolean> =>
  (await ask(recorder)).status.influx.every(({ trouble, newest }) => trouble === null && newest !== null);

/** It has sent something, and nobody took it. */
const triedInVain = async (recorder: ChildProcess): Promise<boolean> =>
  (await ask(recorder)).status.influx.some(({ trouble }) => trouble !== null);

describe("twenty random kills", { skip: needs("influxdb"), timeout: 240_000 }, () => {
  test("of recorder and database leave no point out and put none at a wrong time", async (context) => {
    const dir = mkdtempSync(join(tmpdir(), "gridwright-kills-"));
    const journalDir = join(dir, "journal");
    const influxd = await prepareInfluxd(join(dir, "influxd"));
    const state = { n: 0 };
    const journal = await gardenJournal(journalDir, state);
    const start = (): ChildProcess => fork(CHILD, [journalDir, join(dir, "data"), influxd.url]);
    let recorder = start();
    context.after(async () => {
      recorder.kill("SIGKILL");
      await influxd.stop();
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    });
    await influxd.start();
    const draw = drawn(SEED);
    const killed = { recorder: 0, influxd: 0, both: 0 };
    const ends = {
      async recorder() {
        await kill(recorder);
        recorder = start();
      },
      async influxd(meanwhile: () => unknown = () => undefined) {
        await influxd.kill();
        append(journal, state, 100);
        await wait(draw() * 400);
        await meanwhile();
        await influxd.start();
      },
      async both() {
        await until(() => isTaken(recorder), true, PATIENCE_MS);
        await ends.influxd(async () => {
          await until(() => triedInVain(recorder), true, PATIENCE_MS);
          await ends.recorder();
        });
      },
    };
    for (let round = 0; round < KILLS; round += 1) {
      append(journal, state, 200 + Math.floor(draw() * 900));
      await wait(draw() * 900);
      const who = victim(round, draw());
      killed[who] += 1;
      await ends[who]();
    }
    await journal.close();
    assert.ok(killed.recorder >= 5 && killed.influxd >= 5 && killed.both >= 4, JSON.stringify(killed));
    const expected = await journalPoints(journalDir);
    assert.ok(expected.size > 20_000, String(expected.size));
    await until(async () => differences(expected, await influxPoints(influxd.url)), {}, 60_000);
    await until(async () => {
      const { counts } = await ask(recorder);
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    }, expected.size);
    const kills = killed.recorder + killed.influxd + killed.both;
    figure("influx-away", {
      values: expected.size,
      how: `over ${kills} kills of it`,
    });
  });
});
