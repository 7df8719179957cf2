// The units of the service manager, from one table: what each process may do, how much memory it may take, and who is ended
// first when there is none left. Everything that is not listed is refused. Control waits for no network and no other unit.
import { heapFlags } from "../../supervisor/child.ts";
import { backupService, backupTimer } from "./backup-units.ts";
import { renewPath, renewService } from "./renew-units.ts";
import {
  CACHE,
  CLOSED,
  DATA,
  file,
  filter,
  NEARBY,
  overridden,
  ROOT,
  RUNTIME,
  type Section,
  SITE,
  section,
} from "./unit-text.ts";

interface Unit {
  readonly does: string;
  readonly user: string;
  readonly memoryMaxMb: number;
  /** The larger the sooner the kernel ends it; from -1000 to 1000. */
  readonly oomScore: number;
  /** Share of a busy processor and card; 100 is usual. */
  readonly weight: number;
  /** Addresses that it may speak with; all others are refused. */
  readonly reaches: readonly string[];
  readonly writes: readonly string[];
  /** Keys of its own, after the common ones. */
  readonly unit?: Section;
  readonly service?: Section;
  readonly systemCalls?: readonly string[];
}

const HERE = ["localhost"];
const SERIAL: Section = [
  ["SupplementaryGroups", "dialout"],
  ["PrivateDevices", "no"],
  ["DevicePolicy", "closed"],
  ["DeviceAllow", ["char-ttyUSB rw", "char-ttyACM rw", "char-ttyAMA rw", "char-ttyS rw"]],
];
/** Beats come after finished steps alone; a command is answered or refused within 5 s. */
const WATCHED: Section = [["WatchdogSec", "15s"]];

const UNITS = {
  control: {
    does: "devices, loop, leases, journal",
    user: "gridwright",
    ...{ memoryMaxMb: 384, oomScore: -900, weight: 1_000 },
    reaches: NEARBY,
    writes: [DATA, CACHE],
    service: [...WATCHED, ["Nice", "-5"], ...SERIAL],
  },
  broker: {
    does: "MQTT broker of the site, on loopback unless the site file opens it",
    user: "gridwright",
    ...{ memoryMaxMb: 192, oomScore: -400, weight: 500 },
    reaches: NEARBY,
    writes: [DATA, CACHE],
    // The site may have a broker of its own: then this one ends at once, and well.
    service: [
      ["PrivateDevices", "yes"],
      ["Restart", "on-failure"],
    ],
  },
  services: {
    does: "page, history, ledger, alerts, plans",
    user: "gridwright",
    // With a trial of flows beside it: a simulated plant and two Node-RED.
    ...{ memoryMaxMb: 1_024, oomScore: 200, weight: 100 },
    reaches: NEARBY,
    // What mosquitto and InfluxDB beside it need of it lies in folders of theirs.
    writes: [DATA, RUNTIME, CACHE, "-/etc/mosquitto/gridwright", "-/etc/influxdb/gridwright"],
    service: [
      ["PrivateDevices", "yes"],
      // Control alone writes the journal.
      ["ReadOnlyPaths", `-${DATA}/journal`],
      ["SupplementaryGroups", "gridwright-flows"],
    ],
    // Plans are made by a process that gives way to all others.
    systemCalls: ["setpriority"],
  },
  flows: {
    does: "Node-RED for technicians",
    user: "gridwright-flows",
    ...{ memoryMaxMb: 640, oomScore: 500, weight: 50 },
    reaches: HERE,
    writes: [`${DATA}/flows`],
    unit: [
      ["ConditionPathExists", "/etc/gridwright/flows"],
      ["After", "gridwright-services.service"],
    ],
    service: [
      ["PrivateDevices", "yes"],
      // Secrets of the site are closed to this user anyway.
      ["InaccessiblePaths", [`-${DATA}/secrets`, `-${DATA}/journal`, "-/etc/gridwright"]],
    ],
  },
} as const satisfies Readonly<Record<string, Unit>>;

const heap = (name: keyof typeof UNITS): readonly string[] =>
  // The unit of the flows holds a small supervisor; what that starts brings its own flags.
  name === "flows" ? heapFlags("broker") : heapFlags(name);

const common = (unit: Unit): Section => [
  ["Restart", "always"],
  ["RestartSec", "200ms"],
  ["TimeoutStartSec", "90s"],
  ["TimeoutStopSec", "5s"],
  // Who carries words to the manager must live until the last one.
  ["KillMode", "mixed"],
  ["User", unit.user],
  ["Group", unit.user],
  ["MemoryMax", `${unit.memoryMaxMb}M`],
  ["OOMScoreAdjust", String(unit.oomScore)],
  ["CPUWeight", String(unit.weight)],
  ["IOWeight", String(unit.weight)],
  ["TasksMax", "128"],
  // A process that is ended because it hangs must not write itself to the card.
  ["LimitCORE", "0"],
  ["ReadWritePaths", unit.writes],
  ...CLOSED,
  ["PrivateUsers", "yes"],
  ["RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6"],
  ["IPAddressAllow", unit.reaches],
  ...filter(unit.systemCalls),
];

function service(name: keyof typeof UNITS): string {
  const unit: Unit = UNITS[name];
  const command = [
    `${ROOT}/bin/node`,
    ...["--disable-warning=ExperimentalWarning", ...heap(name)],
    ...[`${ROOT}/controller/cli/processes/unit.ts`, name],
    ...["--config", SITE, "--data", DATA, "--runtime", RUNTIME],
  ].join(" ");
  return file(
    section("Unit", [
      ["Description", `gridwright ${name}: ${unit.does}`],
      ["Documentation", `file://${ROOT}/docs/care.md`],
      ["ConditionPathExists", SITE],
      ["RequiresMountsFor", DATA],
      ["PartOf", "gridwright.target"],
      // However often it ends, it is started again.
      ["StartLimitIntervalSec", "0"],
      ...(unit.unit ?? []),
    ]),
    section("Service", [
      ["Type", "notify"],
      ["NotifyAccess", "all"],
      ["ExecStart", command],
      ["Environment", [`NODE_COMPILE_CACHE=${CACHE}`, "MALLOC_ARENA_MAX=2"]],
      ...overridden(common(unit), unit.service ?? []),
    ]),
    section("Install", [["WantedBy", "gridwright.target"]]),
  );
}

const target = (): string =>
  file(
    section("Unit", [["Description", "gridwright: the community's controller"]]),
    // As early as any service: nothing here waits for a network.
    section("Install", [["WantedBy", "multi-user.target"]]),
  );

/** Path below deploy/units/ and what is in it. */
export const unitFiles = (): readonly { readonly path: string; readonly render: () => string }[] => [
  ...(Object.keys(UNITS) as (keyof typeof UNITS)[]).map((name) => ({
    path: `gridwright-${name}.service`,
    render: () => service(name),
  })),
  { path: "gridwright.target", render: target },
  { path: "gridwright-renew@.path", render: renewPath },
  { path: "gridwright-renew@.service", render: renewService },
  { path: "gridwright-backup.service", render: backupService },
  { path: "gridwright-backup.timer", render: backupTimer },
];
