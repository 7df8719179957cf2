// What networks do to links, on each of the three that a site has: all goes through and is right, or its user knows that it does not
// and goes on by itself when the network is well again. Nothing is believed that was not said, nothing comes twice.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { figure } from "../tools/figure.ts";
import { needs } from "../tools/needs.ts";
import type { Mischief } from "../tools/tcp-proxy.ts";
import { until } from "../tools/until.ts";
import { influxLink, modbusLink, mqttLink, type ToxicLink } from "./toxic-links.ts";

const LINKS = { "Modbus TCP": modbusLink, MQTT: mqttLink, InfluxDB: influxLink } as const;
type Name = keyof typeof LINKS;
/** `whole`: all goes through; `again`: it is told, and goes on afterwards. */
type Outcome = "whole" | "again";
const all = (outcome: Outcome) => ({ "Modbus TCP": outcome, MQTT: outcome, InfluxDB: outcome });

//  toxic, how, what becomes of each link
const TOXICS: readonly [toxic: string, mischief: Mischief, Readonly<Record<Name, Outcome>>][] = [
  // A device that answers after four seconds is as good as none: it is waited for one.
  ["2 s late", { kind: "late", ms: 2_000, jitterMs: 0 }, { ...all("whole"), "Modbus TCP": "again" }],
  ["jitter", { kind: "late", ms: 0, jitterMs: 200 }, all("whole")],
  ["1 kB/s", { kind: "narrow", bytesPerSecond: 1_000 }, all("whole")],
  ["byte by byte", { kind: "sliced" }, all("whole")],
  ["reset", { kind: "reset" }, all("again")],
  ["nothing comes", { kind: "hang" }, all("again")],
];
const PATIENCE_MS = 60_000;

const seen: Record<string, string[]> = {};

for (const name of Object.keys(LINKS) as Name[])
  describe(name, { skip: name === "InfluxDB" && needs("influxdb"), timeout: 500_000 }, () => {
    let link: ToxicLink;
    before(async () => {
      link = await LINKS[name]();
      await link.goes();
    });
    after(() => link?.close());
    for (const [toxic, mischief, outcomes] of TOXICS)
      it(`${toxic}: ${outcomes[name] === "whole" ? "all goes through" : "it is told, and goes on by itself"}`, async () => {
        link.set(mischief);
        if (outcomes[name] === "again") {
          await until(async () => link.told(), true, PATIENCE_MS);
          link.set({ kind: "pass" });
        }
        await link.goes();
        link.set({ kind: "pass" });
        await link.goes();
        seen[name] = [...(seen[name] ?? []), `${toxic} ${outcomes[name]}`];
      });
  });

describe("network toxics", { skip: needs("influxdb") }, () => {
  it("each was tried on each link", () => {
    const tried = Object.values(seen).flat();
    assert.equal(tried.length, TOXICS.length * Object.keys(LINKS).length);
    const cell = (name: Name): string => (seen[name] ?? []).join(", ");
    figure("network-toxics", {
      ...{ toxics: TOXICS.length, links: Object.keys(seen).length, tried: tried.length },
      ...{ modbus: cell("Modbus TCP"), mqtt: cell("MQTT"), influx: cell("InfluxDB") },
    });
  });
});
