// The process of the technicians' flows: Node-RED and nothing else, confined by Node's permission model. It reads no site
// file and no secret; all it has is a token by which it may ask. Whatever happens in it costs only itself.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "@gridwright/contract/log.ts";
import { confine } from "@gridwright/flows/runtime/confine.ts";
import type { FlowNode } from "@gridwright/flows/runtime/gate/flow-node.ts";
import { deploys, startNodeRed } from "@gridwright/flows/runtime/node-red.ts";
import { assetsOf, startBeat, triedAt } from "@gridwright/flows/runtime/site-view.ts";
import { openStorage } from "@gridwright/flows/runtime/storage.ts";
import { writeWhole } from "@gridwright/flows/runtime/versions.ts";
import type { Running } from "./running.ts";
import type { Startup } from "./startup.ts";

type FlowsStartup = Extract<Startup, { process: "flows" }>;

const SECRET_BYTES = 24;
const RUN_BYTES = 6;

/** Node-RED enciphers credentials of flows by it; it never leaves the folder that they are in. */
function secretIn(userDir: string): string {
  const path = join(userDir, "credential-secret");
  if (existsSync(path)) return readFileSync(path, "utf8");
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  writeWhole(path, secret);
  return secret;
}

/** What comes along with the package, each node once. */
function examplesOf({ packageDir, examples }: FlowsStartup): readonly FlowNode[] {
  const all = examples.flatMap(
    (name) => JSON.parse(readFileSync(join(packageDir, "examples", `${name}.json`), "utf8")) as FlowNode[],
  );
  return [...new Map(all.map((node) => [node.id, node])).values()];
}

export async function runFlows(startup: FlowsStartup, log: Log): Promise<Running> {
  const { userDir, packageDir, apiUrl, token, key, port } = startup;
  let { safe } = startup;
  if (!confine(process).confined) throw new Error("flows run only under Node's permission model");
  mkdirSync(userDir, { recursive: true, mode: 0o700 });
  // Node-RED looks there for what was installed by hand: nothing is.
  writeWhole(join(userDir, "package.json"), '{ "private": true }\n');
  const site = { url: apiUrl, token };
  const storage = openStorage({
    userDir,
    now: Date.now,
    assets: () => assetsOf(site),
    deploying: () => deploys.getStore(),
    tried: (hash) => triedAt(site, hash),
    onDeployed: () => {
      safe = false;
    },
    examples: examplesOf(startup),
  });
  const running = await startNodeRed(join(packageDir, "node-red"), {
    ...{ userDir, nodesDir: join(packageDir, "dist"), port, key, site, safe, storage },
    credentialSecret: secretIn(userDir),
    say: (level, text) => log[level](text),
  });
  const run = randomBytes(RUN_BYTES).toString("hex");
  const stopBeat = startBeat(site, () => ({ run, safe }));
  return {
    ports: { editor: running.port },
    async stop() {
      stopBeat();
      await running.stop();
    },
  };
}
