// `gridwright check`: every mistake of a site file, advice on what is allowed but unwise, and the ladder as one table.
import { basename, dirname } from "node:path";
import type { Asset } from "@gridwright/contract/site/assets.ts";
import type { Threshold } from "@gridwright/contract/site/fields.ts";
import { type LadderRow, rowsOf } from "@gridwright/contract/site/ladder-rows.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { checkSite, mistakeLine } from "../load-site.ts";

const thresholdText = ({ by, value }: Threshold): string => {
  if (by === "soc") return `${Math.round(value * 1000) / 10} %`;
  return by === "voltage" ? `${value} V` : `${value} h left`;
};

const list = (assets: readonly (readonly [string, Asset])[]): string =>
  assets.map(([id]) => id).join(", ") || "nothing";

/** What a step touches that no step before it did. */
function affected(model: SiteModel, index: number): string {
  const step = model.site.ladder[index];
  if (step === undefined) return "";
  if ("start" in step) return `${step.start} starts`;
  if ("pause" in step) return "no vehicle is charged while a generator runs";
  const before = model.site.ladder.slice(0, index).flatMap((one) => ("shed" in one ? [one.shed] : []));
  const tierMax = Math.min(...before, 5);
  const shed = Object.entries(model.site.assets).filter(
    ([, asset]) =>
      "tier" in asset && asset.tier >= step.shed && asset.tier < tierMax && asset.switch !== undefined,
  );
  return `${before.length > 0 ? "also " : ""}${list(shed)}`;
}

/** From this row on the bus is dead. */
const CUTS_OUT = 2;

type Row = readonly [below: string, until: string, name: string, does: string];

function rowOf(model: SiteModel, { by, value, name, place, order, does: own = "" }: LadderRow): Row {
  const step = place === undefined ? undefined : model.site.ladder[place];
  const until = step === undefined ? "" : `until ${thresholdText(step.restore)}`;
  const does = place !== undefined ? affected(model, place) : order < CUTS_OUT ? own : "everything";
  return [`below ${thresholdText({ by, value })}`, until, name, does];
}

/** What is kept above the cut-out for one restart, as core's black start keeps it: the highest of all batteries. */
function restartRow({ site }: SiteModel): readonly Row[] {
  const specs = Object.values(site.assets);
  const batteries = specs.flatMap((spec) => (spec.kind === "battery" ? [spec] : []));
  const low = Math.max(0, ...batteries.map(({ socMin }) => socMin));
  const kept = Math.max(0, ...batteries.map(({ restartReserve }) => restartReserve));
  if (kept <= 0) return [];
  const where = specs.some(({ kind }) => kind === "grid") ? "without a grid: " : "";
  const text = (value: number): string => thresholdText({ by: "soc", value });
  return [
    [
      `below ${text(low + kept)}`,
      `until ${text(low + 2 * kept)}`,
      "kept for one restart",
      `${where}everything but tier 0`,
    ],
  ];
}

/** The site's ladder with the inverter's and the battery's own limits, from the fullest battery down. */
export function ladderTable(model: SiteModel): string[] {
  const rows = rowsOf(model);
  const told = (wanted: (row: LadderRow) => boolean) => rows.filter(wanted).map((row) => rowOf(model, row));
  const all = [
    ...told(({ order }) => order < CUTS_OUT),
    ...restartRow(model),
    ...told(({ order }) => order >= CUTS_OUT),
  ];
  const width = (column: number): number => Math.max(...all.map((row) => row[column]?.length ?? 0));
  return all.map((row) =>
    `  ${row.map((text, column) => (column < 3 ? text.padEnd(width(column)) : text)).join("  ")}`.trimEnd(),
  );
}

function summary(model: SiteModel): string {
  const assets = Object.values(model.assets);
  const switched = assets.filter(({ actuator }) => actuator !== undefined).length;
  const many = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
  const { devices, site } = model;
  return `${site.site.name}: ${many(Object.keys(devices).length, "device")}, ${many(assets.length, "asset")}, ${switched} of them switched, ${many(Object.keys(site.members).length, "member")}`;
}

/** Where the keys of the files with mistakes are explained. */
const pages = (mistakes: readonly { readonly file: string }[]): string => {
  const profiles = mistakes.filter(({ file }) => basename(dirname(file)) === "profiles").length;
  if (profiles === mistakes.length) return "docs/profile.md";
  return profiles === 0 ? "docs/site.md" : "docs/site.md and docs/profile.md";
};

/** Prints the findings; returns the exit code: 0 when the file can run, 1 with mistakes. */
export function check(
  file: string,
  { json, write }: { readonly json: boolean; readonly write: (line: string) => void },
): number {
  const { model, mistakes, advice } = checkSite(file);
  const runs = model !== undefined && mistakes.length === 0;
  if (json) {
    write(JSON.stringify({ file, ok: runs, mistakes, advice }, null, 2));
    return runs ? 0 : 1;
  }
  for (const mistake of mistakes) write(`mistake  ${mistakeLine(mistake)}`);
  for (const one of advice) write(`advice   ${mistakeLine(one)}`);
  if (!runs || model === undefined) {
    write(
      `\n${mistakes.length} mistake${mistakes.length === 1 ? "" : "s"}; nothing was started. The keys are explained in ${pages(mistakes)}.`,
    );
    return 1;
  }
  write(summary(model));
  const ladder = ladderTable(model);
  if (ladder.length > 0) write(`\nAs the battery empties:\n${ladder.join("\n")}`);
  write(
    advice.length === 0
      ? "\nNo mistakes, no advice."
      : `\nNo mistakes, ${advice.length} piece${advice.length === 1 ? "" : "s"} of advice.`,
  );
  return 0;
}
