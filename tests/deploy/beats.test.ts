// What the service manager hears of control, on a real datagram socket: that it is up, and a beat for finished steps alone. A
// step that hangs, or a command that is neither answered nor refused, must leave it silent.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Device } from "@gridwright/contract/ports.ts";
import type { Order } from "@gridwright/core/leases.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createActors } from "@gridwright/runtime/loop/act.ts";
import { openNotify } from "@gridwright/runtime/service-manager/notify.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";
import { type Manager, startManager } from "./manager.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const skip = needs("socat");
const PATIENCE_MS = 400;
/** Longer than several beats would take. */
const SILENCE_MS = 900;

const order = (asset: string): Order => ({
  ...{ asset, device: "board", point: "relay", leaseMs: null },
  set: { kind: "switch", on: true },
});

/** A device whose commands end when the test says so, whatever their deadline. */
function heldDevice() {
  const ends: (() => void)[] = [];
  const device: Device = {
    id: "board",
    onSampling: () => () => undefined,
    command: () => new Promise((resolve) => ends.push(resolve)),
    status: () => ({ errors: 0 }),
    close: async () => undefined,
  };
  const release = (): void => {
    for (const end of ends.splice(0)) end();
  };
  return { device, release };
}

describe("the watchdog's beat", { skip }, () => {
  let folder = "";
  let manager: Manager;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "gridwright-beats-"));
    manager = await startManager(join(folder, "notify"));
  });
  after(() => {
    manager.stop();
    rmSync(folder, { recursive: true });
  });
  const open = () =>
    openNotify({ socket: manager.socket, patienceMs: PATIENCE_MS, io: hostClock(), log: quiet });
  const beats = async () => manager.heard().filter((word) => word === "WATCHDOG=1").length;

  it("tells once that it is up, and beats at most four times per patience", async () => {
    const notify = open();
    notify.ready();
    for (const end = performance.now() + PATIENCE_MS * 2; performance.now() < end; await wait(5))
      notify.alive();
    await until(async () => manager.heard().includes("READY=1"), true, 5_000);
    const counted = await beats();
    assert.ok(counted >= 2 && counted <= 10, `${counted} beats in two patiences`);
    notify.close();
  });

  it("is not given for a step whose command is neither answered nor refused, and is given once it is", async () => {
    const notify = open();
    const { device, release } = heldDevice();
    const actors = createActors({ devices: new Map([["board", device]]), log: quiet });
    const step = (): void => void actors.confirmed().then(notify.alive);
    const first = await beats();
    const stepped = async (): Promise<boolean> => {
      step();
      return (await beats()) > first;
    };
    await until(stepped, true, 5_000);
    actors.send([order("saw")]);
    const silentFrom = await beats();
    for (const end = performance.now() + SILENCE_MS; performance.now() < end; await wait(20)) step();
    assert.ok((await beats()) - silentFrom <= 1, "beats came while a command hung");
    const before = await beats();
    release();
    await until(async () => (await beats()) > before, true, 5_000);
    notify.close();
  });

  it("reaches a manager on an abstract socket, too", async () => {
    const abstract = await startManager(`@gridwright-test-${process.pid}`);
    const notify = openNotify({
      socket: abstract.socket,
      patienceMs: PATIENCE_MS,
      io: hostClock(),
      log: quiet,
    });
    const heard = async (): Promise<boolean> => {
      notify.alive();
      return abstract.heard().includes("WATCHDOG=1");
    };
    await until(heard, true, 5_000);
    notify.close();
    abstract.stop();
  });
});
