// Which series plays which part in the picture. The defaults are gridwright's own measurements and labels; a panel's options
// say it for any other data, in one line per role: `power kind=pv, -"Solar output"`. A minus turns the sign round.
import type { Reading } from "./frames.ts";

/** Each role, and which series it is where nobody says otherwise: the first alternative that finds any. */
export const ROLES = {
  sun: "power kind=pv",
  battery: "battery_power kind=battery, battery_power, power kind=battery",
  charge: "soc kind=battery, soc",
  grid: "power kind=grid, grid_power",
  gridThere: "grid_present",
  generator: "power kind=generator",
  generatorRuns: "running kind=generator, switch kind=generator",
  loads: "power kind=load|ev",
  machines: "power kind=machine",
  supply: "switch kind=load|ev|machine",
  total: "",
} as const satisfies Record<string, string>;
export type Role = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

interface Alternative {
  readonly sign: 1 | -1;
  /** Measurement or name of the series; `*` is any. */
  readonly of: string;
  readonly labels: readonly (readonly [label: string, values: readonly string[]])[];
}

const ALTERNATIVE = /^(?<minus>-)?(?:"(?<quoted>[^"]+)"|(?<plain>[^\s="]+))(?<labels>(?:\s+[\w]+=[^\s=]+)*)$/;

/** The alternatives of a role's line; undefined where it cannot be read. */
function alternativesOf(line: string): readonly Alternative[] | undefined {
  const parts = line.match(/(?:"[^"]*"|[^,"]|")+/g) ?? [];
  const read = parts.map((part): Alternative | undefined => {
    const { minus, quoted, plain, labels = "" } = ALTERNATIVE.exec(part.trim())?.groups ?? {};
    const of = quoted ?? plain;
    if (of === undefined) return undefined;
    const pairs = labels.split(/\s+/).filter((pair) => pair !== "");
    return {
      ...{ sign: minus === undefined ? 1 : -1, of },
      labels: pairs.map((pair) => {
        const [label = "", values = ""] = pair.split("=");
        return [label, values.split("|")] as const;
      }),
    };
  });
  return read.every((one) => one !== undefined) ? read : undefined;
}

export const isReadable = (line: string): boolean => line.trim() === "" || alternativesOf(line) !== undefined;

const isPhase = ({ labels }: Reading): boolean => (labels.phase ?? "") !== "";

function isOne({ of, labels }: Alternative, reading: Reading): boolean {
  const named = of === "*" || of === reading.metric || of === reading.name;
  const asked = labels.some(([label]) => label === "phase");
  const fits = labels.every(([label, values]) => values.includes(reading.labels[label] ?? ""));
  return named && fits && (asked || !isPhase(reading));
}

/** The readings that play a role, by the first alternative of its line that finds any. A phase counts only where asked for. */
export function playing(readings: readonly Reading[], line: string): readonly Reading[] {
  for (const alternative of alternativesOf(line) ?? []) {
    const found = readings.filter((reading) => isOne(alternative, reading));
    if (found.length > 0) return found.map((one) => ({ ...one, value: alternative.sign * one.value }));
  }
  return [];
}
