// The process of flows on trial: Node-RED in the time of a simulated plant, confined like the live one, with what it was given
// and nothing kept. It asks by a token of its own at the trial's door, whatever address its flows name.
import { join } from "node:path";
import type { Log } from "@gridwright/contract/log.ts";
import { confine } from "@gridwright/flows/runtime/confine.ts";
import { startNodeRed } from "@gridwright/flows/runtime/node-red.ts";
import { trialStorage } from "@gridwright/flows/runtime/trial-storage.ts";
import { writeWhole } from "@gridwright/flows/runtime/versions.ts";
import { type VirtualTime, virtualHrtime, virtualTime } from "@gridwright/flows/runtime/virtual-time.ts";
import { joinTimeLine } from "../trial/time-line.ts";
import type { Running } from "./running.ts";
import type { FlowsOnTrial, Startup } from "./startup.ts";

type FlowsStartup = Extract<Startup, { process: "flows" }>;

/** Goes where the plant is, and says so; of several words only the newest counts. */
function follow(time: VirtualTime, line: { readonly port: number; readonly token: string }): void {
  let newest = time.now;
  let busy = false;
  const go = async (): Promise<void> => {
    busy = true;
    while (newest > time.now) {
      await time.advance(newest);
      tell(time.now);
    }
    busy = false;
  };
  const tell = joinTimeLine(line, (plantAt) => {
    newest = Math.max(newest, plantAt);
    if (!busy) void go();
  });
}

export async function runTrialFlows(
  { userDir, packageDir, apiUrl, token, key, port }: FlowsStartup,
  trial: FlowsOnTrial,
  log: Log,
): Promise<Running> {
  if (!confine(process).confined) throw new Error("flows run only under Node's permission model");
  writeWhole(join(userDir, "package.json"), '{ "private": true }\n');
  const time = virtualTime(globalThis, { ...trial, soon: setImmediate });
  virtualHrtime(process, time);
  const storage = trialStorage(trial.flows, () => time.begin());
  const running = await startNodeRed(join(packageDir, "node-red"), {
    ...{ userDir, nodesDir: join(packageDir, "dist"), port, key, safe: false, storage },
    site: { url: apiUrl, token },
    credentialSecret: "nothing is kept",
    say: (level, text) => log[level](text),
  });
  follow(time, { port: trial.timePort, token });
  return { ports: { editor: running.port }, stop: running.stop };
}
