// The doctor's opinion: a machine that is well, and what changes when one thing is not.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CHECKS } from "@gridwright/contract/doctor-words.ts";
import { diagnose } from "./diagnose.ts";
import type { Facts } from "./facts.ts";

const DAY = 86_400_000;
const GB = 1_000_000_000;
const NOW = Date.UTC(2027, 3, 9, 11);
const UP = { isUnit: true, isControl: false, state: "up", restarts: 0 } as const;
const CONTROL = { ...UP, name: "gridwright-control", isControl: true } as const;
const SERVICES = { ...UP, name: "gridwright-services" } as const;
const WELL: Facts = {
  site: { file: "/etc/gridwright/site.yaml", mistakes: [] },
  clock: { wall: NOW, newestRecord: NOW - 7_000, isSynchronised: true, hasChip: false },
  card: {
    ...{ writtenBytes: 0.31 * GB, upMs: 4 * DAY, sizeBytes: 31 * GB, usedRatio: undefined },
    ...{ freeBytes: 19 * GB, totalBytes: 29 * GB, processes: { control: 41e6, services: 17e6 } },
  },
  board: {
    ...{ celsius: 51.4, throttled: 0, availableBytes: 0.6 * GB, memoryBytes: 0.95 * GB },
    ...{ swapUsedBytes: 3_000_000, oomKills: 0 },
  },
  running: {
    ...{ control: "live", latenessP99Ms: 23, lostDevices: [] },
    buses: [{ id: "meters", isUp: true, busyRatio: 0.42 }],
  },
  units: [CONTROL, SERVICES],
  trust: {
    ...{ certificateEnds: NOW + 211 * DAY, authorityEnds: NOW + 3_000 * DAY, wantedPorts: [8443] },
    ...{ ports: [], secrets: [{ file: "secrets/broker.json", fault: undefined }] },
  },
  care: {
    ...{ isSimulated: false, isWired: true, isSigned: true, backupFailed: undefined },
    backup: { at: NOW - 0.7 * DAY, place: "/media/stick" },
    update: { version: "1.4.0", to: "1.4.0", isOpen: false, available: undefined },
  },
};

type Change = { readonly [K in Exclude<keyof Facts, "units">]?: Partial<Facts[K]> } & {
  readonly units?: Facts["units"] | "untold";
};
const changed = ({ units = WELL.units, ...change }: Change): Facts => ({
  site: { ...WELL.site, ...change.site },
  units: units === "untold" ? undefined : units,
  clock: { ...WELL.clock, ...change.clock },
  card: { ...WELL.card, ...change.card },
  board: { ...WELL.board, ...change.board },
  running: { ...WELL.running, ...change.running },
  trust: { ...WELL.trust, ...change.trust },
  care: { ...WELL.care, ...change.care },
});

/** What is found beside what was well before. */
const news = (change: Change): string =>
  diagnose(changed(change))
    .filter(({ severity }) => severity !== "ok")
    .map(({ severity, code, params }) => `${severity} ${[code, ...Object.values(params)].join(" ")}`)
    .join("; ");

const port = (address: string, number: number, isOurs: boolean) => ({
  ...{ address, port: number, ours: isOurs ? "broker" : undefined },
});
const UPDATE = { version: "1.4.0", to: "1.5.0", isOpen: false, available: undefined };

const ROWS: readonly (readonly [sentence: string, change: Change, then: string])[] = [
  [
    "a site file with mistakes",
    { site: { mistakes: ["site.yaml:7: no such device", "site.yaml:9: no such link"] } },
    "critical site-mistakes /etc/gridwright/site.yaml 2 site.yaml:7: no such device",
  ],
  [
    "what only the site file tells is unknown without it, and nobody is blamed",
    {
      site: { unreadable: "ENOENT" },
      running: { control: "unheard" },
      trust: { wantedPorts: undefined, ports: [port("0.0.0.0", 8443, true)] },
      care: { isSigned: undefined },
    },
    "critical site-unreadable /etc/gridwright/site.yaml ENOENT; unknown lateness-unheard; unknown buses-unknown; unknown port-unknown 8443 0.0.0.0 broker; unknown commissioning-unknown",
  ],
  ["a service manager that tells nothing", { units: "untold" }, "unknown units-unknown"],
  [
    "control that does not come up, and services that were stopped",
    {
      units: [
        { ...CONTROL, state: "again", restarts: 17 },
        { ...SERVICES, state: "down" },
      ],
    },
    "critical unit-again gridwright-control 17; warning unit-down gridwright-services",
  ],
  [
    "one that waits for what is not there, and one that is starting",
    {
      units: [
        { ...CONTROL, state: "waits" },
        { ...SERVICES, state: "starting" },
      ],
    },
    "critical unit-waits gridwright-control; info unit-starting gridwright-services",
  ],
  [
    "one that was started again by itself",
    { units: [CONTROL, { ...SERVICES, restarts: 3 }] },
    "info unit-restarted gridwright-services 3",
  ],
  [
    "a process that ended while others run on",
    {
      units: [
        { ...CONTROL, name: "control", isUnit: false },
        { ...SERVICES, name: "broker", isUnit: false, state: "down" },
      ],
    },
    "warning process-down broker",
  ],
  [
    "all ended: nobody started them",
    { units: [{ ...CONTROL, isUnit: false, state: "down" }] },
    "unknown units-none",
  ],
  ["a clock that was never set", { clock: { wall: 7_000_000 } }, "critical clock-past"],
  [
    "a clock behind its own records",
    { clock: { newestRecord: NOW + 400_000 } },
    "critical clock-behind 400000",
  ],
  ["no network and no chip", { clock: { isSynchronised: false } }, "warning clock-unsynced"],
  ["no network but a chip", { clock: { isSynchronised: false, hasChip: true } }, "info clock-chip"],
  ["nobody knows of the clock", { clock: { isSynchronised: undefined } }, "unknown clock-unknown"],
  ["too low a voltage now", { board: { throttled: 0x50005 } }, "critical power-low; warning heat-throttled"],
  ["too low a voltage before", { board: { throttled: 0x10000 } }, "warning power-low-before"],
  ["a firmware that tells nothing", { board: { throttled: undefined } }, "unknown power-unknown"],
  ["near the heat at which it slows", { board: { celsius: 78.2 } }, "warning heat-high 78"],
  ["slowed by heat before", { board: { throttled: 0x80000 } }, "info heat-throttled-before"],
  ["no thermometer", { board: { celsius: undefined } }, "unknown heat-unknown"],
  ["little memory", { board: { availableBytes: 0.07 * GB } }, "warning memory-low 70000000"],
  ["next to none", { board: { availableBytes: 0.02 * GB } }, "critical memory-low 20000000"],
  ["ended for want of it", { board: { oomKills: 3 } }, "warning memory-killed 3"],
  ["swapped", { board: { swapUsedBytes: 0.2 * GB } }, "info memory-swap 200000000"],
  ["little room", { card: { freeBytes: 2.32 * GB } }, "warning room-low 2320000000 0.08"],
  ["next to no room", { card: { freeBytes: 0.58 * GB } }, "critical room-low 580000000 0.02"],
  [
    "much is written",
    { card: { writtenBytes: 6 * GB } },
    "warning wear-high 1500000000 control 41 MB, services 17 MB",
  ],
  ["a small card", { card: { sizeBytes: 4 * GB } }, "warning wear-short 77500000 4"],
  ["a card that says it is worn", { card: { usedRatio: 0.9 } }, "critical wear-worn 0.9"],
  ["too early to say", { card: { upMs: 1_200_000 } }, "unknown wear-unknown"],
  ["ticks that come late", { running: { latenessP99Ms: 740 } }, "warning lateness-late 740"],
  ["a silent control", { running: { control: "silent" } }, "critical lateness-silent; unknown buses-unknown"],
  ["nothing runs", { running: { control: "none" } }, "unknown lateness-unknown; unknown buses-unknown"],
  [
    "a bus that is down, one that is full, and who is lost",
    {
      running: {
        ...{ lostDevices: ["pump-meter", "plug-3"] },
        buses: [
          { id: "meters", isUp: false, busyRatio: 0 },
          { id: "drives", isUp: true, busyRatio: 0.91 },
        ],
      },
    },
    "warning bus-down meters; warning bus-busy drives 0.91; warning devices-lost 2 pump-meter, plug-3",
  ],
  [
    "a certificate near its end",
    { trust: { certificateEnds: NOW + 9 * DAY } },
    `warning certificate-ends ${9 * DAY}`,
  ],
  ["one that ended", { trust: { certificateEnds: NOW - 5 } }, "critical certificate-ended"],
  [
    "an authority in its last year",
    { trust: { authorityEnds: NOW + 300 * DAY } },
    `info authority-ends ${300 * DAY}`,
  ],
  ["no backup", { care: { backup: undefined } }, "warning backup-none"],
  ["an old one", { care: { backup: { at: NOW - 5 * DAY, place: "x" } } }, `warning backup-old ${5 * DAY}`],
  [
    "a very old one",
    { care: { backup: { at: NOW - 17 * DAY, place: "x" } } },
    `critical backup-old ${17 * DAY}`,
  ],
  [
    "one on the card of the data, and none elsewhere",
    { care: { backup: { at: NOW - 7_000, place: "/var/backups", withData: true } } },
    "warning backup-with-data /var/backups",
  ],
  [
    "one there, and a stick's from long ago",
    {
      care: {
        backup: { at: NOW - 7_000, place: "/var/backups", withData: true },
        backupApartAt: NOW - 43 * DAY,
      },
    },
    "warning backup-with-data /var/backups",
  ],
  [
    "one there, and a stick's of this month",
    {
      care: {
        backup: { at: NOW - 7_000, place: "/var/backups", withData: true },
        backupApartAt: NOW - 29 * DAY,
      },
    },
    "",
  ],
  ["one that failed since", { care: { backupFailed: "no stick" } }, "warning backup-failed no stick"],
  [
    "an update that was taken back",
    { care: { update: { ...UPDATE, failed: "no page" } } },
    "warning update-failed 1.5.0 no page",
  ],
  ["one that was cut off", { care: { update: { ...UPDATE, isOpen: true } } }, "warning update-open 1.5.0"],
  [
    "one on a stick",
    { care: { update: { ...UPDATE, available: { version: "1.6.0", file: "/media/s/u.gwu" } } } },
    "info update-available 1.6.0 /media/s/u.gwu",
  ],
  [
    "the same again that was taken back",
    {
      care: {
        update: { ...UPDATE, failed: "no page", available: { version: "1.5.0", file: "/media/s/u.gwu" } },
      },
    },
    "warning update-failed 1.5.0 no page",
  ],
  [
    "a port that the site wants",
    { trust: { ports: [port("10.0.7.2", 8443, true)] } },
    "info port-asked 8443 10.0.7.2 broker",
  ],
  [
    "one of ours that it does not",
    { trust: { ports: [port("0.0.0.0", 8080, true)] } },
    "critical port-unasked 8080 0.0.0.0 broker",
  ],
  [
    "a stranger on a port that the site wants",
    { trust: { ports: [port("::", 8443, false)] } },
    "info port-other 8443 ::",
  ],
  [
    "a database for everybody",
    { trust: { ports: [port("::", 8086, false)] } },
    "warning port-stranger 8086 :: InfluxDB",
  ],
  [
    "a secret that others may read",
    { trust: { secrets: [{ file: "a", fault: "open" }] } },
    "critical secret-open a",
  ],
  [
    "one that everybody knows",
    { trust: { secrets: [{ file: "b", fault: "default" }] } },
    "critical secret-default b",
  ],
  ["one that is guessed", { trust: { secrets: [{ file: "c", fault: "short" }] } }, "warning secret-short c"],
  ["nobody signed", { care: { isSigned: false } }, "warning commissioning-unsigned"],
  ["nothing is wired yet", { care: { isWired: false } }, "info commissioning-nothing"],
  [
    "a simulated plant wants no signature and no backup",
    { care: { isSimulated: true, isSigned: false, backup: undefined } },
    "info backup-none",
  ],
];

describe("the doctor", () => {
  it("looks at everything, and finds a machine well that is", () => {
    const findings = diagnose(WELL);
    assert.deepEqual(new Set(findings.map(({ check }) => check)), new Set(CHECKS));
    assert.equal(news({}), "");
    assert.deepEqual(findings.find(({ check }) => check === "wear")?.params, {
      dayBytes: 77_500_000,
      years: 33,
    });
  });
  for (const [sentence, change, then] of ROWS) it(sentence, () => assert.equal(news(change), then));
});
