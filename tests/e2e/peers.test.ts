// A village in real time, seen by its page's API and by independent programs: they must agree. Then a device is cut
// off: its neighbours must not feel it, and people must be told.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { ApiState } from "@gridwright/contract/api.ts";
import type { SnapshotMessage } from "@gridwright/contract/messages.ts";
import { render } from "@gridwright/contract/render.ts";
import { needs } from "../tools/needs.ts";
import { mbpoll, mosquittoSub } from "../tools/peers.ts";
import { startVillage, until, type Village } from "../tools/village.ts";

/** What an independent client reads too, below. */
const COMPARED = [
  ...["village/power", "house-3-sockets/power", "house-5-heater/switch"],
  ...["battery/soc", "battery/battery_voltage"],
];

let village: Village;
const state = (): Promise<ApiState> => village.api<ApiState>("/api/v1/state");

async function shown(channel: string): Promise<number> {
  const reading = (await state()).channels[channel];
  assert.equal(reading?.q, "fresh", `${channel} is ${JSON.stringify(reading)}`);
  return Number(reading?.v);
}

/** Both sides are read until they agree: a moving value is seen at two instants. */
async function agree(channel: string, peer: () => Promise<number>, tolerance: number): Promise<void> {
  let last = "";
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const [mine, theirs] = [await shown(channel), await peer()];
    if (Math.abs(mine - theirs) <= tolerance) return;
    last = `the page shows ${mine}, the peer read ${theirs}`;
    await wait(700);
  }
  assert.fail(`${channel}: ${last}`);
}

before(async () => {
  village = await startVillage({ speed: 1 });
  const fresh = async (): Promise<boolean> => {
    const { channels } = await state();
    return COMPARED.every((channel) => channels[channel]?.q === "fresh");
  };
  await until("all that is compared is fresh", fresh, { withinMs: 30_000, terminal: village.terminal });
});
after(() => village.stop());

describe("independent clients see what the page shows", () => {
  const skip = needs("mbpoll", "mosquitto-clients");
  const port = (link: string): number => village.processes().twin.ports[link] ?? 0;

  it("mbpoll reads the battery's charge from the GX", { skip }, async () => {
    const percent = async (): Promise<number> =>
      ((await mbpoll({ port: port("gx"), unit: 225, address: 266, type: "4" }))[0] ?? Number.NaN) / 1_000;
    await agree("battery/soc", percent, 0.006);
  });
  it("mbpoll reads the battery's voltage from the GX system", { skip }, async () => {
    const volts = async (): Promise<number> =>
      ((await mbpoll({ port: port("gx"), unit: 100, address: 840, type: "4" }))[0] ?? Number.NaN) / 10;
    await agree("battery/battery_voltage", volts, 0.3);
  });
  it("mbpoll reads the heaters' coils as the page shows them", { skip }, async () => {
    const coil = async (): Promise<number> =>
      (await mbpoll({ port: port("relays-village"), unit: 1, address: 4, type: "0" }))[0] ?? Number.NaN;
    await agree("house-5-heater/switch", coil, 0);
  });
  it("mbpoll is refused a register that a GX does not have", { skip }, () =>
    assert.rejects(
      mbpoll({ port: port("gx"), unit: 100, address: 60_000, type: "4" }),
      /Illegal data address/,
    ),
  );
  it("mosquitto_sub reads the same power of the village on the live bus", { skip }, async () => {
    const power = async (): Promise<number> => {
      const { mqtt = 0 } = village.processes().broker.ports;
      const text = await mosquittoSub(village.dataDir, mqtt, "gridwright/village/snapshot");
      return Number((JSON.parse(text) as SnapshotMessage).points["main-meter/power"]);
    };
    await agree("village/power", power, 600);
  });
});

describe("a device that dies costs only itself", () => {
  it("its neighbours on the same line stay on time, and an alarm says so in words", async () => {
    await village.twin({ fault: { kind: "device-dead", device: "house-2-meter" } });
    let worstMs = 0;
    const told = async (): Promise<boolean> => {
      const { devices, alarms } = await state();
      for (const [id, { ageMs }] of Object.entries(devices))
        if (id.startsWith("house-") && id.endsWith("-meter") && id !== "house-2-meter")
          worstMs = Math.max(worstMs, ageMs ?? 0);
      return alarms.some(({ id }) => id.includes("house-2-meter"));
    };
    await until("the alarm is on the page", told, {
      withinMs: 40_000,
      everyMs: 250,
      terminal: village.terminal,
    });
    const alarm = (await state()).alarms.find(({ id }) => id.includes("house-2-meter"));
    assert.ok(alarm);
    assert.match(
      render(alarm.reason, { language: "en", names: {} }),
      /house-2-meter has not answered for \d+ s/,
    );
    assert.ok(worstMs < 5_000, `a neighbour's reading was ${worstMs} ms old`);
    await village.twin({ clear: { kind: "device-dead", device: "house-2-meter" } });
    const gone = async (): Promise<boolean> =>
      (await state()).alarms.every(({ id }) => !id.includes("house-2-meter"));
    await until("the alarm is cleared when it answers again", gone, {
      withinMs: 60_000,
      everyMs: 250,
      terminal: village.terminal,
    });
  });
});
