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
import { groupsOf, type LoadGroup, type LoadState, type LoadView } from "./loads.ts";

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

function powerView(power: Measure, { say, language, now }: Context): TemplateResult | typeof nothing {
  if (power.belief === "none") return nothing;
  const text = powerText(power.value, language);
  if (power.belief === "fresh") return html`<span class="power">${text}</span>`;
  const age =
    power.t === undefined ? say("old") : say("value-old", { ago: ageText(now - power.t, language) });
  return html`<span class="power is-old">${text} <small>${age}</small></span>`;
}

function whyView({ asset, state, status }: LoadView, context: Context): TemplateResult | typeof nothing {
  if (status === undefined || !EXPLAINED.has(state)) return nothing;
  const { wording, known, say } = context;
  const plain = plainText(status.reason, [asset.id], { site: known.site, say });
  const why = capital(plain ?? sentence(status.reason, wording));
  const until = sentence(status.until, wording);
  return html`<p class="why">${why}; <strong>${until}</strong>.</p>`;
}

function loadView(load: LoadView, context: Context): TemplateResult {
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
      ${whyView(load, context)}
    </div>
  </li>`;
}

const CARD_ICONS = { house: "homes", workshop: "workshop", shared: "shared" } as const;

function groupView(group: LoadGroup, alone: boolean, context: Context): TemplateResult {
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
        (load) => loadView(load, context),
      )}
    </ul>
  </article>`;
}

export function loadsView(context: Context): TemplateResult {
  const groups = groupsOf(context.known);
  return html`<section class="loads" aria-labelledby="loads">
    <h2 id="loads">${context.say("loads")}</h2>
    <div class="groups">
      ${repeat(
        groups,
        ({ id }) => id,
        (group) => groupView(group, groups.length === 1, context),
      )}
    </div>
  </section>`;
}
