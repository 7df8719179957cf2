// Invariants of what members are told that they used: it is what flowed, by the plant's own count. While a device or link
// is in doubt nobody's count is judged; counters that catch up afterwards begin it anew.
import type { Check, Tick } from "../tick.ts";
import { consumerOf } from "./decision-checks.ts";

const EVERY_MS = 600_000;
/** After a doubt counters catch up for so long. */
const SETTLE_MS = 180_000;
/** Meters are read each few seconds to a minute, and count in steps. */
const SLACK_WH = 150;
const SLACK_SHARE = 0.05;

interface Count {
  /** Wh by member: told, and counted by the plant. */
  readonly told: ReadonlyMap<string, number>;
  readonly flowed: ReadonlyMap<string, number>;
}

/** Members whose use a meter of their own counts; what is only estimated is nobody's promise. */
const countedMembers = ({ assets }: Tick["model"]): readonly string[] =>
  Object.values(assets).flatMap(({ spec, points }) =>
    spec.kind === "meter" && spec.member !== undefined && points.energy_import !== undefined
      ? [spec.member]
      : [],
  );

function countNow({ model, world, step }: Tick): Count {
  const members = countedMembers(model);
  const flowed = new Map(members.map((member) => [member, 0]));
  for (const { id, energyWh } of world.loads) {
    const owner = consumerOf(model, id)?.member;
    if (owner !== undefined && flowed.has(owner)) flowed.set(owner, (flowed.get(owner) ?? 0) + energyWh);
  }
  const told = members.map((member): [string, number] => [member, step.memory.fair.use[member]?.usedWh ?? 0]);
  return { told: new Map(told), flowed };
}

/** A member whose told use rose otherwise than its loads took. */
function wrong(before: Count, now: Count): string | undefined {
  for (const [member, flowedWh] of now.flowed) {
    const flowed = flowedWh - (before.flowed.get(member) ?? 0);
    const told = (now.told.get(member) ?? 0) - (before.told.get(member) ?? 0);
    if (Math.abs(told - flowed) > SLACK_WH + SLACK_SHARE * flowed)
      return `${member} is told ${told.toFixed(0)} Wh, its loads took ${flowed.toFixed(0)} Wh`;
  }
  return undefined;
}

const inDoubt = ({ trust, world }: Tick): boolean =>
  !trust.clear || world.faults.some(({ fault }) => fault.kind.startsWith("device"));

function usedIsWhatFlowed(): Check {
  let begun: Count | undefined;
  let day: number | null | undefined;
  let calmAt = SETTLE_MS;
  let due = 0;
  return (tick) => {
    const { now } = tick.state;
    const today = tick.step.memory.fair.day?.endsAt;
    if (inDoubt(tick)) calmAt = now + SETTLE_MS;
    if (now < calmAt || today !== day) begun = undefined;
    day = today;
    if (now < calmAt || (begun !== undefined && now < due)) return undefined;
    due = now + EVERY_MS;
    const count = countNow(tick);
    begun ??= count;
    return wrong(begun, count);
  };
}

/** New checks for one run. */
export const accountChecks = (): Readonly<Record<string, Check>> => ({
  "I14 what a member is told to have used is what flowed": usedIsWhatFlowed(),
});
