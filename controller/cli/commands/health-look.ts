// How what runs on a data folder does, seen from outside as a person would: control by the live bus, the page by its address.
import { seconds } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { quietView } from "@gridwright/runtime/live/listen.ts";
import { controlOf } from "@gridwright/runtime/live/view.ts";
import type { Looked } from "@gridwright/runtime/update/prove.ts";
import { pagePortOf } from "./backup.ts";
import { asOperator } from "./operator-bus.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const PAGE_DEADLINE_MS = 5_000;
/** So long the bus is listened to for one look: two ticks at least, and what is retained. */
const LISTEN = seconds(2);

async function pageAnswers(dataDir: string): Promise<boolean> {
  const port = pagePortOf(dataDir);
  if (port === undefined) return false;
  const signal = AbortSignal.timeout(PAGE_DEADLINE_MS);
  return fetch(`http://127.0.0.1:${port}/`, { signal }).then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.ok;
    },
    () => false,
  );
}

/** One look; where nothing runs nothing is well. */
export async function lookAt(dataDir: string): Promise<Looked> {
  const io = hostClock();
  const heard = await asOperator(dataDir, async ({ model, bus }) => {
    const view = quietView({ model, io, bus, log: quiet });
    await io.sleep(LISTEN);
    const devices = [...view.devices.values()].filter(({ quality }) => quality === "ok").length;
    return { acts: controlOf(view).state === "live", devices };
  }).catch(() => ({ acts: false, devices: 0 }));
  return { ...heard, page: await pageAnswers(dataDir) };
}
