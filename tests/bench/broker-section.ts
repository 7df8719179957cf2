// The broker's figures as a section of BENCHMARKS.md.
import { benchBroker } from "./broker.ts";
import { plain, table } from "./figures.ts";

export async function brokerSection(): Promise<string> {
  const rows = await benchBroker();
  const events = table(
    ["one subscriber, 64 bytes", "gridwright, events/s", "mosquitto, events/s", "ratio"],
    rows.map(({ name, ours, mosquitto, ratio }) => [name, plain(ours, 0), plain(mosquitto, 0), plain(ratio)]),
  );
  return `Events per second that one subscriber gets while publishers write as fast as they can; each broker and the load in
processes of their own, on loopback, the better of two rounds. The village's own traffic is below 100 events/s.

${events}`;
}
