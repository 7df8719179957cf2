// What the machine tells of its clock, its card and its board.
import type { BoardFacts, CardFacts, ClockFacts } from "@gridwright/core/doctor/facts.ts";
import type { Host } from "./host.ts";
import { mediumOf } from "./medium.ts";

const S = 1_000;
const SECTOR_BYTES = 512;
/** Of the kernel's counters of processes. */
const TICKS_PER_S = 100;
const DAY_MS = 86_400_000;

const numberIn = (text: string | undefined): number | undefined => {
  const value = Number.parseFloat(text ?? "");
  return Number.isFinite(value) ? value : undefined;
};

export async function clockFacts(
  host: Host,
  { wall, newestRecord }: Pick<ClockFacts, "wall" | "newestRecord">,
): Promise<ClockFacts> {
  return {
    ...{ wall, newestRecord },
    isSynchronised: await isSynchronised(host),
    hasChip: host.list("/sys/class/rtc").length > 0,
  };
}

/** A confined process cannot ask the system's clock service; the file of Debian's own says at least yes. */
async function isSynchronised(host: Host): Promise<boolean | undefined> {
  const said = (await host.run("timedatectl", ["show", "-p", "NTPSynchronized", "--value"]))?.trim();
  if (said === "yes" || said === "no") return said === "yes";
  return host.read("/run/systemd/timesync/synchronized") === undefined ? undefined : true;
}

const upMsOf = (host: Host): number => (numberIn(host.read("/proc/uptime")) ?? 0) * S;

/** Life of an eMMC in steps of a tenth; a card tells none. */
function usedRatio(host: Host, medium: string): number | undefined {
  const steps = host.read(`${medium}/device/life_time`)?.match(/0x[0-9a-f]{2}/gi) ?? [];
  return steps.length === 0 ? undefined : Math.max(...steps.map(Number)) / 10;
}

const WRITTEN_SECTORS = 6;

/** Bytes a day that a process writes, over its life; undefined: it is gone, of another user, or young. */
function dayBytesOf(host: Host, pid: number, upMs: number): number | undefined {
  const [, written] = /^write_bytes: (\d+)$/m.exec(host.read(`/proc/${pid}/io`) ?? "") ?? [];
  const stat = host.read(`/proc/${pid}/stat`) ?? "";
  const began = numberIn(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  if (written === undefined || began === undefined) return undefined;
  const ageMs = upMs - (began * S) / TICKS_PER_S;
  return ageMs < DAY_MS / 24 ? undefined : (Number(written) * DAY_MS) / ageMs;
}

export interface CardAsked {
  readonly dataDir: string;
  readonly pids: Readonly<Record<string, number>>;
}

export function cardFacts(host: Host, { dataDir, pids }: CardAsked): CardFacts {
  const medium = mediumOf(host, dataDir);
  const upMs = upMsOf(host);
  const sectors = numberIn(host.read(`${medium}/stat`)?.trim().split(/\s+/)[WRITTEN_SECTORS]);
  const size = numberIn(host.read(`${medium}/size`));
  const room = host.room(dataDir);
  const processes = Object.entries(pids).flatMap(([name, pid]) => {
    const bytes = dayBytesOf(host, pid, upMs);
    return bytes === undefined ? [] : [[name, bytes] as const];
  });
  return {
    writtenBytes: sectors === undefined ? undefined : sectors * SECTOR_BYTES,
    upMs,
    sizeBytes: size === undefined ? undefined : size * SECTOR_BYTES,
    usedRatio: medium === undefined ? undefined : usedRatio(host, medium),
    freeBytes: room?.freeBytes,
    totalBytes: room?.totalBytes,
    processes: Object.fromEntries(processes),
  };
}

const KIB = 1_024;
const memoryLine = (text: string, name: string): number =>
  (numberIn(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]) ?? 0) * KIB;

/** The firmware's word, by its file or its program: `0x50005`. */
async function throttledOf(host: Host): Promise<number | undefined> {
  const file = host.read("/sys/devices/platform/soc/soc:firmware/get_throttled");
  const text = file ?? (await host.run("vcgencmd", ["get_throttled"]))?.replace(/^throttled=0x/, "");
  const word = Number.parseInt(text ?? "", 16);
  return Number.isNaN(word) ? undefined : word;
}

const MILLI = 1_000;

export async function boardFacts(host: Host): Promise<BoardFacts> {
  const memory = host.read("/proc/meminfo") ?? "";
  const milliC = numberIn(host.read("/sys/class/thermal/thermal_zone0/temp"));
  return {
    celsius: milliC === undefined ? undefined : milliC / MILLI,
    throttled: await throttledOf(host),
    availableBytes: memoryLine(memory, "MemAvailable"),
    memoryBytes: memoryLine(memory, "MemTotal"),
    swapUsedBytes: memoryLine(memory, "SwapTotal") - memoryLine(memory, "SwapFree"),
    oomKills: numberIn(/^oom_kill (\d+)$/m.exec(host.read("/proc/vmstat") ?? "")?.[1]) ?? 0,
  };
}
