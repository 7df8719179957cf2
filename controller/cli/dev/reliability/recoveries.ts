// How soon all is as before once a fault struck, and what is lost until then. Times are real ones, measured beside whatever else the
// machine did.
import type { Claim } from "./claim.ts";

export const RECOVERIES: readonly Claim[] = [
  {
    id: "back-control",
    says: "Control is killed (SIGKILL) in an overload",
    goal: "it decides again by itself, from what it knew",
    lost: "decisions; relays stay as they are, those on a lease until it ends",
    figure: "{ms} ms",
    quick: [{ file: "tests/e2e/kills.test.ts", test: "of control: no load changes while it is away" }],
  },
  {
    id: "back-power",
    says: "Power is cut while the journal is written: its tail is torn",
    goal: "it is repaired at the start, and the loop goes on",
    lost: "what was not committed yet (10 s at most), and decisions until the start; the machine's own start comes on top",
    figure: "{ms} ms",
    quick: [{ file: "tests/e2e/trouble.test.ts", test: "is repaired at the start, and the loop goes on" }],
  },
  {
    id: "back-disk",
    says: "The disk is full, and then has room again",
    goal: "all that was kept in memory is written, the alarm ends by itself",
    lost: "nothing that memory holds (16 MB); control goes on",
    figure: "{ms} ms after there is room",
    quick: [{ file: "tests/faults/card.test.ts", test: "the loop ticks on and obeys" }],
  },
  {
    id: "back-broker",
    says: "The broker is killed (SIGKILL)",
    goal: "control and page find it again by themselves",
    lost: "MQTT devices' news and commands, the page's live view; Modbus goes on",
    figure: "{ms} ms until the page hears control again",
    quick: [{ file: "tests/e2e/kills.test.ts", test: "of the broker: control and page find back" }],
  },
  {
    id: "back-database",
    says: "InfluxDB is stopped for twenty minutes of the village, and comes again",
    goal: "all that it missed is in it, from the journal",
    lost: "charts of that time, until then; nothing for good",
    figure: "{ms} ms after it is there, {points} points",
    quick: [{ file: "tests/e2e/story.test.ts", test: "goes on while InfluxDB is stopped" }],
  },
];
