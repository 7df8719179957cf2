// A process that does what control does with Modbus TCP devices: as many buses as told, 40 points each at 1 Hz. Tells
// its cost and how late its readings were. Arguments: devices, port.
import { setTimeout as wait } from "node:timers/promises";
import { busOf, siteOf } from "../links/bus-rig.ts";
import { MEGA } from "./figures.ts";
import { FORTY_POINTS } from "./forty-points.ts";

const [devices = 10, port = 0] = process.argv.slice(2).map(Number);
const WARM_MS = 3_000;
const MEASURE_MS = 10_000;
const PERIOD_MS = 1_000;
const model = siteOf({
  link: `{ kind: modbus-tcp, host: 127.0.0.1, port: ${port} }`,
  devices: ["meter: { link: wire, profile: forty-points }"],
  profiles: [FORTY_POINTS],
});
const buses = Array.from({ length: devices }, () => busOf(model));
let worstMs = 0;
let readings = 0;
let measuring = false;
for (const { devices: here } of buses)
  for (const device of here) {
    let last = 0;
    device.onSampling(() => {
      const now = performance.now();
      if (measuring && last > 0) worstMs = Math.max(worstMs, now - last - PERIOD_MS);
      last = now;
      readings++;
    });
  }
await wait(WARM_MS);
measuring = true;
readings = 0;
const [before, begun] = [process.cpuUsage(), performance.now()];
await wait(MEASURE_MS);
const { user, system } = process.cpuUsage(before);
const tookMs = performance.now() - begun;
process.send?.({
  cpu: (user + system) / 1_000 / tookMs,
  rssMb: process.memoryUsage().rss / MEGA,
  perSecond: (readings * 1_000) / tookMs,
  worstMs,
});
process.exit();
