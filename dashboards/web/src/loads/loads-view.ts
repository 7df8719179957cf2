// The cards of houses, workshop and what is everyone's: each load with need, power, state, and the reason it is off
// with what brings it back. State is icon, word and pattern; colour only helps.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Context } from "../context.ts";
import { type IconName, icon } from "../icons.ts";
import type { Measure } from "../live/measure.ts";
import { ageText, powerText } from "../text/numbers.ts";
import { plainText } from "../text/plain.ts";
import { capital, sentence } from "../text/sentence.ts";
import type { WordKey } from "../words/words.ts";
import { commonlyShed, groupsOf, type LoadGroup, type LoadState, type LoadView } from "./loads.ts";

const ICONS: Readonly<Record<LoadState, IconName>> = {
  on: "on",
  idle: "idle",
  "off-need": "off-need",
  "off-held": "off-held",
  off: "off",
  "off-hand": "off-hand",
  "on-hand": "off-hand",
  deviates: "deviates",
  switching: "clock",
  unknown: "unknown",
  unmeasured: "on",
};
/** States whose reason a person wants to read at once. */
const EXPLAINED: ReadonlySet<LoadState> = new Set([
  "off-need",
  "off-held",
  "off",
  "off-hand",
  "on-hand",
  "deviates",
]);

/** What all cards share. */
interface Cards {
  readonly context: Context;
  /** Loads whose reason is said once, above the cards. */
  readonly common: readonly LoadView[];
  /** There is only one card. */
  readonly alone: boolean;
}

function powerView(power: Measure, { say, language, now }: Context): TemplateResult | typeof nothing {
  if (power.belief === "none") return nothing;
  const text = powerText(power.value, language);
  if (power.belief === "fresh") return html`<span class="power">${text}</span>`;
  const age =
    power.t === undefined ? say("old") : say("value-old", { ago: ageText(now - power.t, language) });
  return html`<span class="power is-old">${text} <small>${age}</small></span>`;
}

function whyView(load: LoadView, { context, common }: Cards): TemplateResult | typeof nothing {
  const { asset, state, status } = load;
  if (status === undefined || !EXPLAINED.has(state)) return nothing;
  const { wording, known, say } = context;
  const until = sentence(status.until, wording);
  if (common.some((other) => other.asset.id === asset.id))
    return html`<p class="why"><strong>${capital(until)}</strong>.</p>`;
  const plain = plainText(status.reason, [asset.id], { site: known.site, say });
  const why = capital(plain ?? sentence(status.reason, wording));
  return html`<p class="why">${why}; <strong>${until}</strong>.</p>`;
}

function loadView(load: LoadView, cards: Cards): TemplateResult {
  const { context } = cards;
  const { say } = context;
  const { asset, state } = load;
  const missing = load.power.belief === "none" && asset.points.includes("power");
  return html`<li class="load state-${state}">
    <span class="state-icon">${icon(ICONS[state])}</span>
    <div>
      <p class="load-line">
        <span class="name">${load.name}</span>
        ${missing ? html`<span class="power is-old">${say("value-none")}</span>` : powerView(load.power, context)}
      </p>
      <p class="load-more">
        <span class="state">${say(`state-${state}`)}</span> ·
        <span class="tier tier-${asset.tier}">${say(`tier-${asset.tier}` as WordKey)}</span>
      </p>
      ${whyView(load, cards)}
    </div>
  </li>`;
}

function commonView({ common, context }: Cards): TemplateResult | typeof nothing {
  const [first] = common;
  if (first?.status === undefined) return nothing;
  const { say, known, wording } = context;
  const { reason } = first.status;
  const assets = common.map(({ asset }) => asset.id);
  const cause = plainText(reason, assets, { site: known.site, say }) ?? sentence(reason, wording);
  const text = say("loads-common", { count: String(common.length), cause });
  return html`<p class="note common">${icon("off-need")} ${text}</p>`;
}

const CARD_ICONS = { house: "homes", workshop: "workshop", shared: "shared" } as const;

function groupView(group: LoadGroup, cards: Cards): TemplateResult {
  const { context, alone } = cards;
  const { say } = context;
  return html`<article class="card group group-${group.kind}">
    <h3>
      ${icon(CARD_ICONS[group.kind])} <span>${group.name ?? say(alone ? "flow-rest" : "shared")}</span>
      ${group.power === undefined ? nothing : powerView(group.power, context)}
    </h3>
    <ul>
      ${repeat(
        group.loads,
        ({ asset }) => asset.id,
        (load) => loadView(load, cards),
      )}
    </ul>
  </article>`;
}

export function loadsView(context: Context): TemplateResult {
  const groups = groupsOf(context.known);
  const cards = { context, common: commonlyShed(groups), alone: groups.length === 1 };
  return html`<section class="loads" aria-labelledby="loads">
    <h2 id="loads">${context.say("loads")}</h2>
    ${commonView(cards)}
    <div class="groups">
      ${repeat(
        groups,
        ({ id }) => id,
        (group) => groupView(group, cards),
      )}
    </div>
  </section>`;
}
