// A planning case that its schema refused, with what is wrong in it replaced by something harmless, so that the rest can be
// looked at too and every mistake is told at once. Only for telling: such a case is never planned.
import type { Mistake } from "../site/model.ts";
import { PlanCase } from "./case.ts";
import { caseMistakes } from "./case-mistakes.ts";

type Path = Mistake["path"];
type Holder = Record<string | number, unknown>;

/** What stands for a key that must be there. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  version: 1,
  stepMinutes: 60,
  capacityWh: 1_000,
  chargeMaxW: 0,
  dischargeMaxW: 0,
  socInitial: 0,
  maxExtraUnserved: 0,
  levelInitial: 0,
  powerMaxW: 1e9,
  socLeave: 1,
};
/** Each round mends what the one before let come to light. */
const ROUNDS = 6;

/** Keys of one object by which a mistake at another of its keys is judged. */
const JUDGED_BY: Readonly<Record<string, readonly string[]>> = {
  socMin: ["socMax"],
  socInitial: ["socMax"],
  socFinalMin: ["socMax"],
  powerMinW: ["powerMaxW"],
  latestEndStep: ["earliestStep"],
  powerW: ["earliestStep", "latestEndStep"],
  leaveStep: ["returnStep"],
  returnStep: ["leaveStep"],
  usesWh: ["socLeave"],
  machine: ["earliestStep", "latestEndStep", "powerW"],
};

function holderOf(value: unknown, path: Path): Holder | undefined {
  let at = value;
  for (const key of path) at = typeof at === "object" && at !== null ? (at as Holder)[key] : undefined;
  return typeof at === "object" && at !== null ? (at as Holder) : undefined;
}

/** False where nothing harmless can stand there: too much hangs on it. */
function mend(value: unknown, path: Path, places: Path[]): boolean {
  const key = path.at(-1);
  const holder = holderOf(value, path.slice(0, -1));
  if (key === undefined || holder === undefined || key === "steps") return false;
  if (typeof key === "number") {
    if (path.length < 3 && typeof holder[key] !== "number") return false;
    holder[key] = 0;
  } else if (Object.hasOwn(holder, key)) delete holder[key];
  else if (key === "id" || key === "machine") holder[key] = `nameless-${places.length}`;
  else if (key === "powerW" || key === "open" || key === "demandW")
    holder[key] = new Array<number>(Number((value as Holder).steps)).fill(0);
  else if (Object.hasOwn(STAND_INS, key)) holder[key] = STAND_INS[key];
  else return false;
  places.push(path);
  return true;
}

interface Mended {
  readonly plan: PlanCase;
  /** What was replaced. */
  readonly places: readonly Path[];
}

function mended(value: unknown): Mended | undefined {
  const copy = structuredClone(value);
  const places: Path[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const checked = PlanCase.safeParse(copy);
    if (checked.success) return { plan: checked.data, places };
    for (const issue of checked.error.issues) {
      const path = issue.path.filter((key) => typeof key !== "symbol");
      const wrong = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
      if (!wrong.every((one) => mend(copy, one, places))) return undefined;
    }
  }
  return undefined;
}

const begins = (path: Path, beginning: Path): boolean => beginning.every((key, at) => path[at] === key);

/** A value that was replaced in a list leaves its length as it was; but [from, to) is judged by its values. */
const isSame = (place: Path, path: Path): boolean =>
  begins(place, path) && (place.length === path.length || path[0] === "scoreSteps");

/** It was found at, or judged by, something that was replaced. */
function isOfMended({ path }: Mistake, places: readonly Path[]): boolean {
  const by = JUDGED_BY[String(path.at(-1))] ?? [];
  const beside = path.slice(0, -1);
  return places.some(
    (place) =>
      isSame(place, path) ||
      (begins(place, beside) && by.includes(String(place[beside.length]))) ||
      (path[0] === "jobs" && path.at(-1) === "machine" && place[0] === "machines"),
  );
}

/** What else is wrong with a case beside what its schema says. */
export function mistakesBeside(value: unknown): readonly Mistake[] {
  const found = mended(value);
  if (found === undefined) return [];
  return caseMistakes(found.plan).filter((mistake) => !isOfMended(mistake, found.places));
}
