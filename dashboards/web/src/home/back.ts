// When a load that waits for the battery may be back: where the battery is now, and by the plan when it will be far enough. Pure.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { PlanReport } from "@gridwright/contract/plan/site-plan.ts";
import type { Measure } from "../live/measure.ts";
import { aheadText, dayOf, type Telling } from "../text/clock.ts";
import { shareText } from "../text/numbers.ts";

interface Ahead {
  readonly soc: Measure;
  readonly plan: PlanReport | undefined;
}

/** By the plan: the end of the first hour with so much charge; nothing where there is no plan that holds. */
function whenText(above: number, plan: PlanReport | undefined, words: Telling): string {
  if (plan?.plan === undefined || plan.state !== "fresh") return "";
  const { steps, stepMs } = plan.plan;
  const ahead = steps.filter(({ at, soc }) => soc !== null && at + stepMs > words.now);
  if (ahead.length === 0) return "";
  const found = ahead.find(({ soc }) => (soc ?? 0) >= above);
  if (found === undefined) return words.say("home-back-not");
  const at = found.at + stepMs;
  const when = aheadText(at, words);
  return words.say(dayOf(at, words) === "today" ? "home-back-today" : "home-back-later", { when });
}

/** Empty for what does not wait for the battery. */
export function backText({ code, params }: Reason, { soc, plan }: Ahead, words: Telling): string {
  if (code !== "until-soc" || typeof params.aboveRatio !== "number") return "";
  const now =
    soc.belief === "none" ? "" : words.say("home-soc-now", { share: shareText(soc.value, words.language) });
  return [now, whenText(params.aboveRatio, plan, words)].filter(Boolean).join(" ");
}
