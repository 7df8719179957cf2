// Every port of a running village is flooded by a process of its own: half-open sockets, bytes that mean nothing, requests as
// fast as they go. Control listens on none of them: its loop goes on, and what it is asked rightly afterwards is heard.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { figure } from "../tools/figure.ts";
import { startVillage, until, type Village } from "../tools/village.ts";

const FLOOD = fileURLToPath(new URL("./flood-child.ts", import.meta.url));
const TICKS = 15;
const WITHIN = { withinMs: 120_000, everyMs: 250 };
let village: Village;

before(async () => {
  village = await startVillage({ speed: 1 });
});
after(() => village?.stop());

/** NaN while the page is busy with the flood. */
const metric = (name: string): Promise<number> => village.metric(name).catch(() => Number.NaN);
const ticks = (): Promise<number> => metric("gridwright_control_ticks_total");
const latest = (): Promise<number> => metric('gridwright_control_lateness_seconds{quantile="1"}');

interface Flood {
  readonly isUnderWay: () => boolean;
  /** Connections that it threw at the port. */
  end(): Promise<number>;
}
function flood(port: number): Flood {
  const child = spawn(process.execPath, [FLOOD, String(port)], { stdio: ["pipe", "pipe", "inherit"] });
  let told = "";
  child.stdout.on("data", (text: Buffer) => {
    told += text.toString();
  });
  return {
    isUnderWay: () => told.startsWith("under way"),
    async end() {
      child.stdin.end();
      await once(child, "close");
      return Number(told.split("\n")[1]);
    },
  };
}

describe("a flood on every port", () => {
  it("stops no tick, ends no process, and leaves nothing behind", async () => {
    await until("the village ticks", async () => (await ticks()) > 3, WITHIN);
    const calm = await latest();
    const { broker, services, control } = village.processes();
    const ports = [broker.ports.mqtt ?? 0, services.ports.page ?? 0];
    assert.ok(ports.every((port) => port > 0));
    const floods = ports.map(flood);
    await until("both floods are under way", () => floods.every((one) => one.isUnderWay()), WITHIN);
    const from = await ticks();
    await until("control ticks on", async () => (await ticks()) >= from + TICKS, WITHIN);
    const to = await ticks();
    const sent = await Promise.all(floods.map((one) => one.end()));
    const late = await latest();
    const now = village.processes();
    assert.deepEqual(
      [now.control.pid, now.broker.pid, now.services.pid],
      [control.pid, broker.pid, services.pid],
    );
    const answer = await village.ask({ kind: "hold", asset: "house-3-heater", why: "the flood is over" });
    assert.equal(answer.outcome, "accepted");
    const ms = (seconds: number): number => Math.round(seconds * 1_000);
    figure("R17", {
      ...{ broker: sent[0] ?? 0, page: sent[1] ?? 0, ticks: to - from },
      ...{ lateMs: ms(late), calmMs: ms(calm) },
    });
  });
});
