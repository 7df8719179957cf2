// Jobs of the workshop: what a member wishes, what becomes of it, and how each machine stands. W, Wh, ms; times are plant
// time since 1970. A promise is a start that nobody moves but its member; everything else of a job is told as it happens.
import { z } from "zod";
import type { Reason } from "./decision.ts";
import type { Epoch } from "./units.ts";

export const JOB_MINUTES_MAX = 1_440;
/** Jobs that are not over, of one member and of all. */
export const JOBS_OPEN_MAX = { member: 12, all: 200 } as const;

export const JOB_STATES = [
  /** Taken, but no time was found for it yet. */
  "asked",
  "promised",
  /** Its time has come, and the controller or another job does not let it start yet. */
  "waiting",
  /** The machine has supply for it and stands ready; somebody must begin. */
  "started",
  "running",
  /** It runs longer than was asked for. */
  "overrun",
  "unfinished",
  "never-started",
  "cancelled",
  "done",
] as const;
export type JobState = (typeof JOB_STATES)[number];

const OVER: ReadonlySet<JobState> = new Set(["unfinished", "never-started", "cancelled", "done"]);
export const isOver = ({ state }: { readonly state: JobState }): boolean => OVER.has(state);

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const time = z.int().min(0).max(1e14);
const minutes = z.number().min(1).max(JOB_MINUTES_MAX);

export const JobWish = z
  .strictObject({
    machine: slug,
    minutes: minutes.optional().describe("how long it takes; needed unless profile is given"),
    profile: z
      .array(z.strictObject({ minutes, powerW: z.number().min(0).max(1e7) }))
      .min(1)
      .max(48)
      .optional()
      .describe("what it takes, part by part, where the asker knows better than past jobs"),
    earliest: time.optional().describe("ms since 1970 UTC; missing: now"),
    deadline: time.optional().describe("it has ended by then; missing: within two days"),
    interruptible: z.boolean().default(false).describe("what was done is not lost when supply fails"),
    what: z.string().trim().min(1).max(80).optional().describe("what it is, for people"),
    member: slug.optional().describe("for whom; technicians alone may ask for others"),
  })
  .refine(({ minutes: length, profile }) => (length === undefined) !== (profile === undefined), {
    error: "give either minutes or profile",
  })
  .refine(
    ({ earliest, deadline }) => earliest === undefined || deadline === undefined || earliest < deadline,
    {
      error: "deadline must be later than earliest",
    },
  );
export type JobWish = z.output<typeof JobWish>;

/** A wish with who will use the machine, as services know it; nobody says that of themselves. */
export interface AskedWish extends JobWish {
  readonly person?: string;
  readonly vouched?: boolean;
  /** A technician's flow asks: nobody answers for it. */
  readonly byFlow?: boolean;
}

/** A start with what it would take, as far as the plan tells; shares are null while nobody plans. */
export interface JobOffer {
  readonly at: Epoch;
  readonly endsAt: Epoch;
  readonly energyWh: number;
  /** From sun that nobody else needs, from the battery, from grid or set; together 1. */
  readonly sun: number | null;
  readonly battery: number | null;
  readonly other: number | null;
}

export interface JobNews {
  readonly at: Epoch;
  readonly reason: Reason;
}

/** Somebody's word to be at the machine. */
export interface Confirm {
  readonly person: string;
  readonly at: Epoch;
  /** Trains at the machine. */
  readonly supervises: boolean;
}

export interface Job {
  readonly id: string;
  readonly machine: string;
  readonly member: string | null;
  /** Who will use the machine; null: somebody of that house. */
  readonly person: string | null;
  /** Who asked trains at the machine, and answers for it. */
  readonly vouched: boolean;
  /** A technician's flow asked: its permits are a flow's wishes, and end with the flows' process. */
  readonly byFlow?: true;
  /** Who said to be there beside, oldest first. */
  readonly confirms: readonly Confirm[];
  readonly what?: string;
  readonly askedAt: Epoch;
  readonly minutes: number;
  readonly profile?: readonly { readonly minutes: number; readonly powerW: number }[];
  readonly earliest: Epoch;
  readonly deadline: Epoch;
  readonly interruptible: boolean;
  readonly state: JobState;
  readonly since: Epoch;
  /** Why it stands so. */
  readonly why: Reason;
  readonly promise: JobOffer | null;
  /** Another time that its member may take instead. */
  readonly alternative: JobOffer | null;
  /** What its member should know, oldest first. */
  readonly news: readonly JobNews[];
  /** The controller's last word on its permit. */
  readonly permit: { readonly at: Epoch; readonly given: boolean; readonly reason: Reason } | null;
  readonly ranFrom: Epoch | null;
  readonly endedAt: Epoch | null;
  /** Time in which the machine worked for it, ms. */
  readonly workedMs: number;
  readonly energyWh: number;
  /** Of it, what came from the sun at that instant; null where nothing tells. */
  readonly sunWh: number | null;
}

export const MACHINE_STATES = ["unknown", "off", "standby", "idle", "running", "overload"] as const;
export type MachineState = (typeof MACHINE_STATES)[number];

export interface MachineCare {
  readonly name: string;
  /** True running or starts until it is due; negative: overdue. */
  readonly leftMs?: number;
  readonly leftStarts?: number;
}

export interface MachineReport {
  readonly id: string;
  readonly state: MachineState;
  readonly since: Epoch;
  readonly powerW: number | null;
  /** Has supply; null: not known. */
  readonly supply: boolean | null;
  /** Why it has none. */
  readonly locked: Reason | null;
  /** It waits for a permit of the queue. */
  readonly byPermit: boolean;
  /** The job that is on it. */
  readonly job: string | null;
  readonly runMs: number;
  readonly starts: number;
  readonly care: readonly MachineCare[];
}

export interface JobsReport {
  /** Plant time; null: nothing was heard yet. */
  readonly t: Epoch | null;
  /** Open ones by their time, then those that are over, newest first. */
  readonly jobs: readonly Job[];
  readonly machines: readonly MachineReport[];
}

/** What a terminal asks of the queue over the live bus; `id` names the question in its answer. */
export const JobCall = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("list"), id: slug }),
  z.strictObject({ do: z.literal("ask"), id: slug, wish: JobWish }),
  z.strictObject({ do: z.literal("alternative"), id: slug, job: slug }),
  z.strictObject({ do: z.literal("cancel"), id: slug, job: slug }),
  z.strictObject({ do: z.literal("cared"), id: slug, machine: slug, care: z.string().min(1).max(60) }),
]);
export type JobCall = z.output<typeof JobCall>;

export interface JobWord {
  readonly id: string;
  readonly job?: Job;
  readonly report?: JobsReport;
  /** Why not; a text where the question itself was wrong. */
  readonly why?: Reason | string;
}
