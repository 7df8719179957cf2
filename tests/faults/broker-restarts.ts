// Restarts the broker under control and somebody who asks, again and again in the middle of what is said: requests are sent
// again until they are acknowledged, kept ones come with each connection, and none may be carried out twice.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { millis } from "@gridwright/contract/units.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { signRequest } from "@gridwright/runtime/bus/request-mac.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { type LoopRig, loopRig, quiet, villageModel } from "../tools/loop-rig.ts";
import { type TcpProxy, tcpProxy } from "../tools/tcp-proxy.ts";

const host = hostClock();
/** Waits between attempts to connect are over in a moment. */
const hasty: Clock = { ...host, sleep: (ms, signal) => host.sleep(millis(Math.min(ms, 3)), signal) };
const AT_ONCE = 4;
const PATIENCE_MS = 30_000;
const AGAIN_MS = 40;
const model = villageModel();
const SITE = model.site.site.id;

/** Lets `meanwhile` happen each 40 ms until it holds. */
async function until(
  sentence: string,
  holds: () => boolean,
  meanwhile: () => void = () => undefined,
): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let next = performance.now() + AGAIN_MS; !holds(); await host.sleep(millis(1))) {
    assert.ok(performance.now() < end, `never: ${sentence}`);
    if (performance.now() < next) continue;
    meanwhile();
    next = performance.now() + AGAIN_MS;
  }
}

interface Stage {
  readonly rig: LoopRig;
  /** Between control and the broker. */
  readonly line: TcpProxy;
  readonly control: Bus;
  readonly asker: Bus;
  ask(kept?: boolean): void;
  /** The last one once more, byte by byte, as who had no acknowledgement would. */
  again(): void;
  readonly asked: () => number;
  /** All that was said has come, or never will. */
  settled(): Promise<void>;
  restart(inTheMiddle: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

function usersOf(secrets: Secrets) {
  // A broker of somebody else may keep what ours refuses to.
  return secrets.brokerUsers.map((user) => ({
    ...{ ...user, messagesPerSecondMax: 100_000 },
    ...(user.name === "operator" && { retain: ["gridwright/#"] }),
  }));
}

/** Says, as an operator, the next of many holds. */
function asking(asker: Bus, key: Uint8Array): Pick<Stage, "ask" | "again" | "asked"> {
  let seq = 0;
  let last = "";
  const topic = `gridwright/${SITE}/request/operator`;
  return {
    asked: () => seq,
    ask(retain = false) {
      seq += 1;
      const body = { kind: "hold", asset: "house-3-heater", why: "descaling" } as const;
      const request = { id: `hold-${String(seq).padStart(6, "0")}`, issuer: "operator", seq, body };
      const signed = signRequest({ ...request, role: "technician", ttlMs: 60_000 }, key);
      last = JSON.stringify(signed);
      asker.publish(topic, last, { qos: 1, retain });
    },
    again: () => asker.publish(topic, last, { qos: 1 }),
  };
}

async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-restarts-"));
  const secrets = await openSecrets(folder, model);
  const users = usersOf(secrets);
  const start = (port: number): Promise<Broker> =>
    startBroker({ port, users, siteId: SITE, io: host, log: quiet });
  let broker = await start(0);
  const { port } = broker;
  const line = await tcpProxy(port);
  const enter = (name: "control" | "operator", at: number): Bus =>
    connectBus({
      ...{ url: `mqtt://127.0.0.1:${at}`, clientId: name, ...secrets.login(name) },
      ...{ io: hasty, log: quiet, random: () => 0.5 },
    });
  const [control, asker] = [enter("control", line.port), enter("operator", port)];
  const rig = loopRig({ model, bus: control, keys: secrets.issuerKey });
  const { ask, again, asked } = asking(asker, secrets.issuerKey("operator") ?? assert.fail("no key"));
  return {
    ...{ rig, line, control, asker, ask, again, asked },
    settled: async () => {
      ask();
      await until(
        "a request arrives",
        () => rig.gate.seqFloor().operator === asked(),
        () => ask(),
      );
      rig.step(1_000);
    },
    async restart(inTheMiddle) {
      await inTheMiddle();
      await broker.close();
      ask();
      broker = await start(port);
    },
    async close() {
      await Promise.all([control.close(), asker.close()]);
      await broker.close();
      await line.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A kept request, and a connection of control's that brings it again. */
async function keptOne({ rig, line, ask, settled }: Stage): Promise<void> {
  ask(true);
  await settled();
  const refused = rig.gate.refused;
  line.set({ kind: "pass" });
  await until("the kept one comes with the new connection", () => rig.gate.refused > refused);
}

export interface Restarted {
  readonly asked: number;
  readonly done: number;
  /** Kept ones and ones that were done already: refused. */
  readonly again: number;
}

/** Throws where a request was carried out twice, or one that was kept. */
export async function restartBroker(times: number): Promise<Restarted> {
  const stage = await openStage();
  const { rig, ask, asked } = stage;
  try {
    await until("both are connected", () => stage.control.connected && stage.asker.connected);
    for (let restart = 0; restart < times; restart += 1) {
      await keptOne(stage);
      await stage.restart(async () => {
        stage.again();
        for (let n = 0; n < AT_ONCE; n += 1) ask();
        for (let turns = restart % 11; turns > 0; turns -= 1) await turn();
      });
      await stage.settled();
    }
    const done = rig.records.flatMap((record) => (record.k === "request" ? [record.request.id] : []));
    assert.equal(new Set(done).size, done.length, "one was carried out twice");
    assert.ok(done.length >= times * 2 && rig.gate.refused >= times);
    return { asked: asked(), done: done.length, again: rig.gate.refused };
  } finally {
    await stage.close();
  }
}
