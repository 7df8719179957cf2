// The embedded broker as a process of its own, as it runs in the field; tells its port to its parent.
import { startBroker } from "@gridwright/runtime/broker/broker.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const users = ["pub", "sub"].map((name) => ({
  name,
  password: name,
  publish: ["load/#"],
  subscribe: ["load/#"],
}));
const limits = { connectionsPerUserMax: 100, messagesPerSecondMax: 1e9 };
const broker = await startBroker({
  port: 0,
  users,
  siteId: "bench",
  io: hostClock(),
  log: silent,
  limits,
});
process.once("disconnect", () => void broker.close());
process.send?.({ port: broker.port });
