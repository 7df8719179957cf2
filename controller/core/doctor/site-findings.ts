// What is well and what is not with the site on its machine: site file, control and devices, certificate, backup, update, open ports, secrets,
// commissioning. Pure.
import type { Finding } from "@gridwright/contract/doctor-words.ts";
import type { CareFacts, ListeningPort, RunningFacts, SiteFacts, TrustFacts } from "./facts.ts";
import { finding } from "./machine-findings.ts";

const DAY_MS = 86_400_000;
export function siteFindings({ file, mistakes, unreadable: why }: SiteFacts): readonly Finding[] {
  if (why !== undefined) return [finding("site", "critical", ["site-unreadable", { file, why }])];
  const [first] = mistakes;
  if (first === undefined) return [finding("site", "ok", ["site-ok", { file }])];
  return [finding("site", "critical", ["site-mistakes", { file, count: mistakes.length, first }])];
}

/** Half a tick's period. */
const LATE_MS = 500;

export function latenessFindings({ control, latenessP99Ms: p99Ms }: RunningFacts): readonly Finding[] {
  if (control === "none") return [finding("lateness", "unknown", ["lateness-unknown"])];
  if (control === "unheard") return [finding("lateness", "unknown", ["lateness-unheard"])];
  if (control === "silent") return [finding("lateness", "critical", ["lateness-silent"])];
  if (p99Ms !== undefined && p99Ms > LATE_MS)
    return [finding("lateness", "warning", ["lateness-late", { p99Ms }])];
  return [finding("lateness", "ok", ["lateness-ok", { p99Ms: Math.max(1, p99Ms ?? 0) }])];
}

const BUSY_RATIO = 0.85;
const NAMED_MOST = 8;

export function busFindings({ control, buses, lostDevices }: RunningFacts): readonly Finding[] {
  if (control !== "live") return [finding("buses", "unknown", ["buses-unknown"])];
  const found = buses.flatMap(({ id: bus, isUp, busyRatio }): Finding[] => {
    if (!isUp) return [finding("buses", "warning", ["bus-down", { bus }])];
    return busyRatio > BUSY_RATIO ? [finding("buses", "warning", ["bus-busy", { bus, busyRatio }])] : [];
  });
  if (lostDevices.length > 0) {
    const names = lostDevices.slice(0, NAMED_MOST).join(", ");
    found.push(finding("buses", "warning", ["devices-lost", { count: lostDevices.length, names }]));
  }
  return found.length > 0 ? found : [finding("buses", "ok", ["buses-ok"])];
}

/** Services renew it a month before its end: what is nearer was not renewed. */
const ENDS_MS = 14 * DAY_MS;
const AUTHORITY_ENDS_MS = 400 * DAY_MS;

export function certificateFindings(
  { certificateEnds, authorityEnds }: TrustFacts,
  wall: number,
): readonly Finding[] {
  if (certificateEnds === undefined) return [finding("certificate", "ok", ["certificate-none"])];
  const leftMs = certificateEnds - wall;
  if (leftMs <= 0) return [finding("certificate", "critical", ["certificate-ended"])];
  if (leftMs < ENDS_MS) return [finding("certificate", "warning", ["certificate-ends", { leftMs }])];
  const authorityMs = (authorityEnds ?? Number.POSITIVE_INFINITY) - wall;
  if (authorityMs < AUTHORITY_ENDS_MS)
    return [finding("certificate", "info", ["authority-ends", { leftMs: authorityMs }])];
  return [finding("certificate", "ok", ["certificate-ok", { leftMs }])];
}

const BACKUP_OLD_MS = 3 * DAY_MS;
const BACKUP_LOST_MS = 14 * DAY_MS;
/** Whoever copies to a stick does it once a month (docs/care.md). */
const APART_OLD_MS = 40 * DAY_MS;

export function backupFindings(care: CareFacts, wall: number): readonly Finding[] {
  const { isSimulated, backup, backupFailed: why, backupApartAt = Number.NEGATIVE_INFINITY } = care;
  const found: Finding[] =
    why === undefined ? [] : [finding("backup", "warning", ["backup-failed", { why }])];
  if (backup === undefined) {
    if (found.length > 0) return found;
    return [finding("backup", isSimulated ? "info" : "warning", ["backup-none"])];
  }
  const ageMs = wall - backup.at;
  if (ageMs > BACKUP_OLD_MS) {
    const severity = ageMs > BACKUP_LOST_MS ? "critical" : "warning";
    found.push(finding("backup", severity, ["backup-old", { ageMs }]));
  }
  const { withData, place } = backup;
  if (withData && wall - backupApartAt > APART_OLD_MS)
    found.push(finding("backup", isSimulated ? "info" : "warning", ["backup-with-data", { place }]));
  if (found.length > 0) return found;
  return [finding("backup", "ok", ["backup-ok", { ageMs: Math.max(0, ageMs), place }])];
}

export function updateFindings({ update }: CareFacts): readonly Finding[] {
  if (update === undefined) return [finding("update", "ok", ["update-none"])];
  const { version, to, failed, isOpen, available } = update;
  if (isOpen) return [finding("update", "warning", ["update-open", { version: to }])];
  if (available !== undefined && available.version !== (failed && to))
    return [finding("update", "info", ["update-available", { ...available }])];
  if (failed !== undefined)
    return [finding("update", "warning", ["update-failed", { version: to, why: failed }])];
  return [finding("update", "ok", ["update-ok", { version }])];
}

/** What must never be open without a password, by the port that it usually has. */
const STRANGERS: Readonly<Record<number, string>> = {
  23: "Telnet",
  502: "Modbus",
  1880: "Node-RED",
  1883: "an MQTT broker",
  3000: "Grafana",
  3306: "MySQL",
  5432: "PostgreSQL",
  5900: "VNC",
  8086: "InfluxDB",
  8428: "VictoriaMetrics",
};

function portFinding(
  { address, port: number, ours: process }: ListeningPort,
  wanted: TrustFacts["wantedPorts"],
): Finding {
  // A name, not a quantity.
  const port = String(number);
  if (process !== undefined) {
    const params = { port, address, process };
    if (wanted === undefined) return finding("ports", "unknown", ["port-unknown", params]);
    return wanted.includes(number)
      ? finding("ports", "info", ["port-asked", params])
      : finding("ports", "critical", ["port-unasked", params]);
  }
  const service = STRANGERS[number];
  if (service !== undefined)
    return finding("ports", "warning", ["port-stranger", { port, address, service }]);
  return finding("ports", "info", ["port-other", { port, address }]);
}

export function portFindings({ ports, wantedPorts }: TrustFacts): readonly Finding[] {
  if (ports.length === 0) return [finding("ports", "ok", ["ports-ok"])];
  return ports.map((port) => portFinding(port, wantedPorts));
}

const FAULTS = {
  open: ["critical", "secret-open"],
  default: ["critical", "secret-default"],
  short: ["warning", "secret-short"],
} as const;

export function secretFindings({ secrets }: TrustFacts): readonly Finding[] {
  const found = secrets.flatMap(({ file, fault }): Finding[] => {
    if (fault === undefined) return [];
    const [severity, code] = FAULTS[fault];
    return [finding("secrets", severity, [code, { file }])];
  });
  return found.length > 0 ? found : [finding("secrets", "ok", ["secrets-ok", { count: secrets.length }])];
}

export function commissioningFindings(facts: CareFacts): readonly Finding[] {
  const { isSimulated, isWired, isSigned } = facts;
  if (isSimulated) return [finding("commissioning", "ok", ["commissioning-simulated"])];
  if (isSigned && !isWired) return [finding("commissioning", "info", ["commissioning-nothing"])];
  if (isSigned === undefined) return [finding("commissioning", "unknown", ["commissioning-unknown"])];
  return isSigned
    ? [finding("commissioning", "ok", ["commissioning-ok"])]
    : [finding("commissioning", "warning", ["commissioning-unsigned"])];
}
