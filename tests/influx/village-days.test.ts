// Three days of the village in the end of October; the second has 25 hours.
import { overMonths } from "./over-months.ts";

overMonths("three days of the village", {
  ...{ seed: 11, start: Date.UTC(2024, 9, 26), days: 3, withinMs: 120_000 },
  ranges: [
    { days: 1, interval: "1m", period: "1h" },
    { days: 3, interval: "10m", period: "1d" },
  ],
});
