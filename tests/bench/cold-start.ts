// An installed site from power-on: a Debian with its own systemd, in which the package is installed, is booted again and again. From
// systemd's first moment to control's first tick, and until the page is served; the disk's cache dropped before, or warm.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readJournal, START } from "@gridwright/runtime/journal/read.ts";
import { type Box, noBox, openBox } from "../deploy/box.ts";
import { buildPackage } from "../deploy/built-package.ts";
import { until } from "../tools/until.ts";
import { plain, spread, table } from "./figures.ts";

const ROUNDS = 5;
const UP_MS = 60_000;
const SITE = fileURLToPath(new URL("../../deploy/sites/eco-village.yaml", import.meta.url));
const SERVED = "gridwright-services.service";

/** A moment that systemd noted, ms of the machine's monotonic clock, which boxes share. */
function noted(box: Box, what: string, unit?: string): number {
  const of = unit === undefined ? [] : [unit];
  return Number(box.run("systemctl", "show", "-P", what, ...of).output) / 1_000;
}

/** Of the first tick after that in the journal, which is written some seconds later. */
async function firstTick(box: Box, since: number): Promise<number> {
  const dir = join(box.root, "var/lib/gridwright/journal");
  for (const end = performance.now() + UP_MS; performance.now() < end; await wait(1_000))
    for await (const { records } of readJournal({ dir, from: START }))
      for (const record of records) if (record.k === "tick" && record.m >= since) return record.m;
  throw new Error("control decided nothing");
}

interface Start {
  /** Of control's process, since systemd's first moment; ms. */
  readonly process: number;
  readonly tick: number;
  readonly page: number;
}

async function served(box: Box): Promise<void> {
  await until(
    async () => box.run("systemctl", "is-active", SERVED, "gridwright-control", "gridwright-broker").output,
    "active\nactive\nactive\n",
    UP_MS,
  );
}

async function oneStart(box: Box, cold: boolean): Promise<Start> {
  if (cold) {
    box.run("sync");
    writeFileSync("/proc/sys/vm/drop_caches", "3");
  }
  await box.boot();
  await served(box);
  const zero = noted(box, "UserspaceTimestampMonotonic");
  const process = noted(box, "ExecMainStartTimestampMonotonic", "gridwright-control.service");
  return {
    process: process - zero,
    tick: (await firstTick(box, process)) - zero,
    page: noted(box, "ActiveEnterTimestampMonotonic", SERVED) - zero,
  };
}

async function installed(folder: string): Promise<Box> {
  const deb = buildPackage(folder);
  const box = await openBox();
  copyFileSync(deb, join(box.root, "srv", basename(deb)));
  const { status, output } = box.run("dpkg", "--force-unsafe-io", "-i", `/srv/${basename(deb)}`);
  if (status !== 0) throw new Error(output);
  copyFileSync(SITE, join(box.root, "srv/site.yaml"));
  box.run("cp", "/srv/site.yaml", "/etc/gridwright/site.yaml");
  box.run("systemctl", "restart", "gridwright.target");
  await served(box);
  return box;
}

export async function benchColdStart(): Promise<string> {
  const why = noBox();
  if (why !== false) throw new Error(why);
  const folder = mkdtempSync(join(tmpdir(), "gridwright-cold-start-"));
  const box = await installed(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const rows: string[][] = [];
    for (const cold of [true, false]) {
      const starts: Start[] = [];
      while (starts.length < ROUNDS) starts.push(await oneStart(box, cold));
      const of = (what: keyof Start): string => {
        const { p50, max } = spread(starts.map((start) => start[what]));
        return `${plain(p50)}, ${plain(max)}`;
      };
      rows.push([cold ? "dropped" : "warm", `${starts.length}`, of("process"), of("tick"), of("page")]);
    }
    return report(rows);
  } finally {
    box.close();
  }
}

const report = (
  rows: readonly string[][],
): string => `The package in a Debian 12 that is booted by systemd-nspawn (no kernel, no disk check), with the site file of an eco-village of
which nothing answers: broker, control and services start together. From the first moment of its systemd, in ms, p50 and most.

${table(["the disk's cache", "boots", "control's process", "its first decision", "page served, all units up"], rows)}`;
