// What a form says, as a proposal or an emergency rule. Empty fields say nothing.
import type { Proposal } from "@gridwright/contract/agreement.ts";
import type { EmergencyAsked } from "@gridwright/contract/api-agreements.ts";

/** A day and time of this device, as ms since 1970; null where nothing was typed. */
function momentOf(text: string): number | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

type Given = Pick<FormData, "get">;
const textOf = (given: Given, name: string): string => String(given.get(name) ?? "").trim();
const tiersOf = (given: Given): Record<string, number> => {
  const load = textOf(given, "load");
  return load === "" ? {} : { [load]: Number(textOf(given, "tier")) };
};

/** The proposal that was typed. */
export function proposalOf(given: Given): Proposal {
  const [member, step] = [textOf(given, "member"), textOf(given, "step")];
  const share = (name: string): number => Number(textOf(given, name)) / 100;
  return {
    title: textOf(given, "title"),
    begins: momentOf(textOf(given, "begins")),
    ends: momentOf(textOf(given, "ends")),
    tiers: tiersOf(given),
    allowancesWh: member === "" ? {} : { [member]: Math.round(Number(textOf(given, "allowance")) * 1_000) },
    ladder: step === "" ? {} : { [step]: { below: share("below"), restore: share("restore") } },
  };
}

/** The emergency rule that was typed. */
export const emergencyOf = (given: Given): EmergencyAsked => ({
  title: textOf(given, "title"),
  hours: Number(textOf(given, "hours")),
  tiers: tiersOf(given),
});
