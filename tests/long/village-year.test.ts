// A year of the village, from July to July: both changes of the clock, a winter with three days without a line.
import { overMonths } from "../influx/over-months.ts";

overMonths("a year of the village", {
  ...{ seed: 11, start: Date.UTC(2024, 6, 1), days: 365, withinMs: 3_600_000 },
  ranges: [
    { days: 1, interval: "1m", period: "1h" },
    { days: 30, interval: "30m", period: "1d" },
    { days: 365, interval: "12h", period: "1d" },
  ],
});
