// What a workshop's queue would tell control, as requests: the use of two machines at full quarters of an hour, and now and then
// a job that has ended. Figures follow from the time alone.
import { REPEAT_MS } from "@gridwright/contract/metrics.ts";
import type { Request } from "@gridwright/contract/request.ts";
import { type EndedJob, JOB_OUTCOMES } from "@gridwright/contract/workshop-use.ts";

const MACHINES = ["kiln", "saw"] as const;
const MEMBERS = ["house-2", "house-5", "house-7"] as const;
const JOB_EVERY = 3;

function jobAt(quarter: number, machine: number): EndedJob | undefined {
  if (quarter % JOB_EVERY !== machine) return undefined;
  const count = Math.floor(quarter / JOB_EVERY);
  const energyWh = 310 + (count % 7) * 45;
  return {
    id: `job-${quarter}`,
    member: MEMBERS[count % MEMBERS.length] ?? null,
    outcome: JOB_OUTCOMES[count % 2] ?? "done",
    endedAt: quarter * REPEAT_MS - 40_000,
    ...{ energyWh, sunWh: energyWh * 0.6, workedMs: 1_320_000 },
  };
}

/** What is told at a wall time, ms; nothing between full quarters of an hour. */
export function workshopTold(wall: number): readonly Request[] {
  if (wall % REPEAT_MS !== 0) return [];
  const quarter = wall / REPEAT_MS;
  const since = quarter % 10_000;
  return MACHINES.map((machine, place) => {
    const job = jobAt(quarter, place);
    return {
      ...{
        id: `${machine}-told-${quarter}`,
        issuer: "services",
        role: "planner",
        seq: quarter,
        ttlMs: 60_000,
      },
      body: {
        ...{ kind: "use", machine, runMs: since * 250_000, starts: since * 2 + place },
        care: [{ name: place === 0 ? "check the heating coils" : "blade", left: 0.4 - place * 0.5 }],
        ...(job !== undefined && { job }),
      },
    };
  });
}

/** Wh of all jobs that end from `from` to `to`, ms. */
export function jobWh(from: number, to: number): number {
  const quarters = Array.from(
    { length: Math.floor((to - from) / REPEAT_MS) + 1 },
    (_, place) => (Math.ceil(from / REPEAT_MS) + place) * REPEAT_MS,
  );
  const jobs = quarters
    .filter((wall) => wall <= to)
    .flatMap(workshopTold)
    .flatMap(({ body }) => (body.kind === "use" && body.job !== undefined ? [body.job] : []));
  return jobs.filter(({ endedAt }) => endedAt >= from).reduce((sum, { energyWh }) => sum + energyWh, 0);
}
