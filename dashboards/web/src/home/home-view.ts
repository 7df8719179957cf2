// «My home», for a member: use, what of the day is left, how it was served, and each load with what may be asked of the
// controller. A switch here is a question; the answer stands beneath it.
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import type { LoadState, LoadView } from "../loads/loads.ts";
import { powerView } from "../loads/power-view.ts";
import { chargeOf } from "../mood/mood.ts";
import { windowsText } from "../plan/plan.ts";
import { entryText } from "../story/story-view.ts";
import { energyText, powerText, shareText } from "../text/numbers.ts";
import { capital, causeText, sentence } from "../text/sentence.ts";
import type { WordKey } from "../words/words.ts";
import { backText } from "./back.ts";
import { countsKey, type Home, homeOf } from "./home.ts";
import { ownText } from "./today.ts";

const OFF: ReadonlySet<LoadState> = new Set(["off", "off-need", "off-held", "off-hand"]);

const WHY_TOLD: ReadonlySet<LoadState> = new Set(["off-need", "off-held", "deviates"]);

function answerView(asset: string, { answers, say, wording }: Context): TemplateResult | typeof nothing {
  const answer = answers?.[asset];
  if (answer === undefined) return nothing;
  if (answer === "waiting") return html`<p class="answer" role="status">${say("home-waiting")}</p>`;
  if ("detail" in answer)
    return html`<p class="answer" role="status">${say("home-failed", { why: answer.detail })}</p>`;
  const why = sentence(answer.reason, wording);
  return html`<p class="answer" role="status">${say(`home-${answer.outcome}`, { why })}</p>`;
}

/** Why it is off now, since when, and what brings it back: nobody should have to look for it elsewhere. */
function whyView({ asset, state, status }: LoadView, context: Context): TemplateResult | typeof nothing {
  if (status === undefined || !WHY_TOLD.has(state)) return nothing;
  const { wording, say, clock, plant, language, plan, known } = context;
  const why = capital(causeText(status.reason, [asset.id], wording));
  const until = sentence(status.until, wording);
  const back = backText(status.until, { soc: chargeOf(known), plan }, { say, language, clock, now: plant });
  return html`<p class="home-why">${say("home-why-off", { why, until, time: clock.when(status.since, plant) })} ${back}</p>`;
}

function loadView(load: LoadView, context: Context): TemplateResult {
  const { asset, name, state, power, tier } = load;
  const { say, act, answers } = context;
  const off = OFF.has(state);
  const askable = asset.switched && tier !== 0;
  return html`<li class="home-load">
    <p>
      <strong>${name}</strong> ${powerView(power, context)}
      <small>${say(`state-${state}`)} · ${say(`tier-${tier}` as WordKey)}</small>
    </p>
    ${whyView(load, context)}
    ${
      askable
        ? html`<button
            class="plain"
            ?disabled=${answers?.[asset.id] === "waiting"}
            @click=${() => act.wish(asset.id, off)}
          >
            ${say(off ? "home-ask-on" : "home-ask-off")}<span class="for-readers"> ${name}</span>
          </button>`
        : nothing
    }
    ${answerView(asset.id, context)}
  </li>`;
}

function todayView({ fairness, leftWh }: Home, context: Context): TemplateResult | typeof nothing {
  const { say, language, clock, plant: now } = context;
  if (fairness === undefined) return nothing;
  const used = energyText(fairness.usedTodayWh, language);
  const left = leftWh === undefined ? "" : say("home-left", { left: energyText(leftWh, language) });
  const limit =
    fairness.powerLimitVa === null
      ? ""
      : say("home-limit", { power: powerText(fairness.powerLimitVa, language) });
  const counts = countsKey(fairness);
  const own = ownText(context.today, { say, language, clock, now });
  return html`<p>${say("home-today", { used })} ${own} ${left} ${counts === undefined ? "" : say(counts)} ${limit}</p>`;
}

function servedView({ fairness, others }: Home, { say, language }: Context): TemplateResult | typeof nothing {
  if (fairness?.servedRatio == null) return nothing;
  const share = shareText(fairness.servedRatio, language);
  const beside =
    others === undefined
      ? ""
      : say("home-others", {
          least: shareText(others.least, language),
          most: shareText(others.most, language),
        });
  return html`<p>${say("home-served", { share })} ${beside}</p>`;
}

function takenView({ taken, loads }: Home, context: Context): TemplateResult | typeof nothing {
  const { say, clock, wall } = context;
  if (taken.length === 0 && loads.some(({ state }) => WHY_TOLD.has(state))) return nothing;
  if (taken.length === 0) return html`<p class="soft">${say("home-taken-none")}</p>`;
  return html`<h3>${say("home-taken")}</h3>
    <ul>
      ${taken.map(
        (one) => html`<li>
          <time>${clock.when(one.at, wall)}</time>
          ${entryText({ id: one.id, decisions: [one], kind: "single" }, context)}
        </li>`,
      )}
    </ul>`;
}

/** When there is sun to spare: what a home would wait for. */
function aheadView({
  plan: report,
  say,
  language,
  clock,
  plant: now,
}: Context): TemplateResult | typeof nothing {
  if (report?.plan === undefined || report.state === "expired") return nothing;
  return html`<p>${windowsText(report.plan, { say, language, clock, now })}</p>`;
}

/** Nothing for who belongs to no house, or only looks on. */
export function homeView(context: Context): TemplateResult | typeof nothing {
  const { me, known, say } = context;
  const person = me?.person;
  if (person?.member === undefined || person.role === "viewer") return nothing;
  const home = homeOf(known, person.member);
  if (home === undefined) return nothing;
  return html`<section class="card home" aria-labelledby="home">
    <h2 id="home">${say("home", { name: home.name })}</h2>
    <p class="home-now">${say("home-now")} ${powerView(home.power, context)}</p>
    ${todayView(home, context)} ${servedView(home, context)}
    ${aheadView(context)}
    <ul>${home.loads.map((load) => loadView(load, context))}</ul>
    ${takenView(home, context)}
    <p><a href="#sheet">${say("sheet-link")}</a> · <a href="#statement">${say("statement-link")}</a></p>
  </section>`;
}
