// Batteries with a setpoint through real sockets: three that speak differently share the work beside the grid, and when
// control falls silent each goes back by its own device.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { ApiState } from "@gridwright/contract/api.ts";
import { startVillage, until, type Village } from "../tools/village.ts";

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const STORES = ["old-store", "new-store", "shed-store"] as const;
const POINTS = ["street/power", ...STORES.map((store) => `${store}/battery_power`)];
/** What the cranes take, W. */
const TAKEN = 3_200;
const PATIENCE_MS = 90_000;

let village: Village;
before(async () => {
  village = await startVillage({ speed: 10, site: file("./quay.yaml"), scenario: file("./quay-day.yaml") });
});
after(() => village.stop());

/** W from the grid and out of each battery, as it is in truth. */
async function truth(): Promise<Readonly<Record<string, number>>> {
  const { values } = (await village.twin({ query: POINTS })) as { values: Record<string, number> };
  return values;
}

describe("three batteries with a setpoint beside the grid", () => {
  it("give together what the loads take, each a part, and the grid nothing", async () => {
    let seen: Readonly<Record<string, number>> = {};
    const shared = async (): Promise<boolean> => {
      seen = await truth();
      const parts = STORES.map((store) => seen[`${store}/battery_power`] ?? 0);
      return Math.abs(seen["street/power"] ?? TAKEN) < 300 && parts.every((watts) => watts > 200);
    };
    await until("the batteries carry the cranes", shared, {
      withinMs: PATIENCE_MS,
      terminal: village.terminal,
    });
    const sum = STORES.reduce((total, store) => total + (seen[`${store}/battery_power`] ?? 0), 0);
    assert.ok(Math.abs(sum - TAKEN) < 400, `${JSON.stringify(seen)}`);
  });

  it("what the cranes take without a meter is told on the page and kept in the history", async () => {
    let t: number | null | undefined;
    const told = async (): Promise<boolean> => {
      const state = await village.api<ApiState>("/api/v1/state");
      const own = state.channels["main/unmetered"];
      t = state.t;
      return own?.q === "fresh" && Math.abs(Number(own.v) - TAKEN) < 150;
    };
    await until("the page tells it", told, { withinMs: PATIENCE_MS, terminal: village.terminal });
    const from = (t ?? 0) - 60_000;
    const kept = async (): Promise<boolean> => {
      const { rows } = await village.api<{ rows: readonly { mean: number }[] }>(
        `/api/v1/history?channel=main/unmetered&from=${from}&to=${(t ?? 0) + 60_000}`,
      );
      return rows.some(({ mean }) => Math.abs(mean - TAKEN) < 150);
    };
    await until("the history has it", kept, { withinMs: PATIENCE_MS, terminal: village.terminal });
  });

  it("rest by themselves when control says nothing any more", async () => {
    const { pid } = village.processes().control;
    process.kill(pid, "SIGSTOP");
    try {
      const resting = async (): Promise<boolean> => {
        const seen = await truth();
        return STORES.every((store) => seen[`${store}/battery_power`] === 0);
      };
      await until("each battery went back by itself", resting, {
        withinMs: PATIENCE_MS,
        terminal: village.terminal,
      });
      assert.ok(((await truth())["street/power"] ?? 0) > TAKEN / 2, "the grid carries the cranes");
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });
});
