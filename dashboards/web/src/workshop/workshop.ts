// What the workshop's panel says, from the queue as the API tells it: how each machine stands in one word, what a time takes
// from where, and the jobs in three groups. Pure.
import type { Job, JobOffer, JobsReport, MachineReport } from "@gridwright/contract/jobs.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import type { Presence } from "@gridwright/contract/site/machine-use.ts";
import type { OwnTraining } from "@gridwright/contract/training.ts";
import { aheadText, type Telling } from "../text/clock.ts";
import { energyText, shareText } from "../text/numbers.ts";
import type { HeldMachine } from "./oops-view.ts";
import type { SayOfShop } from "./shop-words.ts";

/** A job as the API tells it: `mine` may be cancelled by who looks. */
export type ShopJob = Omit<Job, "person" | "vouched" | "confirms"> & {
  readonly mine: boolean;
  /** Who else must say to be there before it starts. */
  readonly needs?: Presence | null;
  readonly mayConfirm?: boolean;
};
export type Shop = Omit<JobsReport, "jobs"> & {
  readonly jobs: readonly ShopJob[];
  /** Machines that a member held. */
  readonly held?: Readonly<Record<string, HeldMachine>>;
  /** Machines whose users must be trained, for who looks. */
  readonly training?: Readonly<Record<string, OwnTraining>>;
};

export const MACHINE_WORDS = ["free", "works", "ready", "waits", "locked", "overload", "silent"] as const;
export type MachineWord = (typeof MACHINE_WORDS)[number];

const WORKS: ReadonlySet<MachineReport["state"]> = new Set(["running"]);

/** How a machine stands for who wants to use it. */
export function machineWord(machine: MachineReport, jobs: readonly ShopJob[]): MachineWord {
  const { state, supply, locked, id } = machine;
  if (state === "overload") return "overload";
  if (WORKS.has(state)) return "works";
  const own = jobs.filter((job) => job.machine === id);
  if (own.some((job) => job.state === "started" || job.state === "running")) return "ready";
  if (own.some((job) => job.state === "waiting")) return "waits";
  const isLocked = locked !== null && locked.code !== "no-permit";
  if (isLocked || (supply === false && locked === null)) return "locked";
  return state === "unknown" && supply === null ? "silent" : "free";
}

/** `14:00–14:40`, `tomorrow 14:00–14:40`, `23 Nov, 14:00–14:40`. */
export const timeText = ({ at, endsAt }: JobOffer, words: Telling): string => aheadText(at, words, endsAt);

interface Saying {
  readonly say: SayOfShop;
  readonly language: Language;
}

/** `1.2 kWh: 70 % sun to spare, 30 % battery`; what is nothing is left out. */
export function takesText({ energyWh, sun, battery, other }: JobOffer, { say, language }: Saying): string {
  const energy = energyText(energyWh, language);
  if (sun === null || battery === null || other === null) return say("shop-takes-unknown", { energy });
  // Whole per cent that add up.
  const [fromSun, fromOther] = [Math.round(sun * 100), Math.round(other * 100)];
  const shares = { sun: fromSun, battery: 100 - fromSun - fromOther, other: fromOther };
  const parts = (["sun", "battery", "other"] as const).flatMap((from) =>
    shares[from] <= 0 ? [] : [say(`shop-from-${from}`, { share: shareText(shares[from] / 100, language) })],
  );
  return `${energy}: ${parts.join(", ")}`;
}

const OPEN: ReadonlySet<ShopJob["state"]> = new Set([
  "asked",
  "promised",
  "waiting",
  "started",
  "running",
  "overrun",
]);
const OVER_SHOWN = 6;

export function grouped({ jobs }: Shop): { readonly open: ShopJob[]; readonly over: ShopJob[] } {
  return {
    open: jobs.filter(({ state }) => OPEN.has(state)),
    over: jobs.filter(({ state }) => !OPEN.has(state)).slice(0, OVER_SHOWN),
  };
}

const SOON_MS = 10 * 3_600_000;
const SOON_STARTS = 20;

/** Care that is due or soon will be. */
export const dueCare = ({ care }: MachineReport): MachineReport["care"] =>
  care.filter(
    ({ leftMs, leftStarts }) => (leftMs ?? Infinity) < SOON_MS || (leftStarts ?? Infinity) < SOON_STARTS,
  );
