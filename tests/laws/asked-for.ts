// What RELIABILITY.md was asked to show, each by the claim that shows it: a claim that is dropped is missed here.

/** What is to be tried, with its figure, and the claim's id. */
export const ASKED_FOR: Readonly<Record<string, string>> = {
  "seeded simulated days with faults: 500 a check, 10,000 in a long run, 0 violations": "simulated-days",
  "planted bugs: 40 or more, all caught": "planted-bugs",
  "kill -9 of the journal's writer: 1,000 kills, 0 acknowledged records lost": "kill-journal",
  "power loss: a simulated disk that drops unsynced bytes and tears the tail, 1,000 crashes": "power-loss",
  "disk full: the loop keeps its period, no relay moves, alarm, recovers by itself": "disk-full",
  "soak of 24 h of plant time at 60×: slope of memory, handles, disk": "soak",
  "clock jumps: ±10 years, -1 s × 1,000, start in 1970: 0 timer errors": "clock-jumps",
  "broker restarts: 1,000, no command executed twice, retained commands refused": "broker-restarts",
  "InfluxDB away for 72 h at 50 points/s: 0 missing, 0 duplicated": "influx-away",
  "malformed frames: 10^6 MQTT": "malformed-mqtt",
  "malformed frames: 10^6 Modbus replies": "malformed-modbus",
  "forged, expired, replayed, wrong-role commands: 1,000 refused and audited, state hash equal": "forged",
  "network toxics on each link: latency 2 s, jitter, 1 kB/s, 1-byte slices, reset, timeout": "network-toxics",
  "a plant that fights back: its own trips, retries and lies over real sockets, each with its outcome":
    "plant-fights-back",
  "a defect planted for each claim turns its line red; 15 or more, each tried once by a script":
    "planted-defects",
  "update killed at 100 points: boots old or new, data readable both ways": "update-killed",
  "recovery time of a killed control": "back-control",
  "recovery time of a cut of the power": "back-power",
  "recovery time of a full disk": "back-disk",
  "recovery time of a broker that is gone": "back-broker",
  "recovery time of a database that is gone": "back-database",
};

/** Requirements R1 to R18. */
export const REQUIREMENTS: readonly string[] = Array.from({ length: 18 }, (_, index) => `R${index + 1}`);
