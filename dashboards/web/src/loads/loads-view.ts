// The cards of houses, workshop and what is everyone's: each load with need, power, state, and the reason it is off
// with what brings it back. State is icon, word and pattern; colour only helps.
import { plainText } from "@gridwright/contract/explain/plain.ts";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Context } from "../context.ts";
import { type IconName, icon } from "../icons.ts";
import { capital, causeText, sentence, technicianText } from "../text/sentence.ts";
import type { WordKey } from "../words/words.ts";
import {
  commonlyShed,
  groupsOf,
  type LoadGroup,
  type LoadState,
  type LoadView,
  unmeteredOf,
} from "./loads.ts";
import { powerView } from "./power-view.ts";

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

/** The technician's paragraph: of the decision by which it stands so, else of how it stands. */
function exactWhy({ asset, status }: LoadView, { known, wording }: Context): string {
  if (status === undefined) return "";
  const last = known.state.decisions.find((decision) => decision.asset === asset.id);
  const { rule, reason, until, since: at, wanted } = status;
  const set = { kind: "switch", on: wanted === true } as const;
  const stands = { asset: asset.id, set, rule, reason, until, at };
  return technicianText(last?.at === at ? { ...last, until } : stands, wording);
}

function whyView(load: LoadView, { context, common }: Cards): TemplateResult | typeof nothing {
  const { asset, state, status } = load;
  if (status === undefined || !EXPLAINED.has(state)) return nothing;
  const { wording, say } = context;
  const until = sentence(status.until, wording);
  const plain = plainText(status.reason, [asset.id], wording);
  const why = capital(plain ?? sentence(status.reason, wording));
  const told = common.some((other) => other.asset.id === asset.id)
    ? html`<strong>${capital(until)}</strong>.`
    : html`${why}; <strong>${until}</strong>.`;
  return html`<details class="why">
    <summary>${told}<span class="exactly-hint">${say("story-more")}</span></summary>
    <p class="exactly">${exactWhy(load, context)}</p>
  </details>`;
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
        <span class="tier tier-${load.tier}">${say(`tier-${load.tier}` as WordKey)}${load.agreed ? ` (${say("tier-agreed")})` : ""}</span>
      </p>
      ${whyView(load, cards)}
    </div>
  </li>`;
}

function commonView({ common, context }: Cards): TemplateResult | typeof nothing {
  const [first] = common;
  if (first?.status === undefined) return nothing;
  const { say, wording } = context;
  const { reason } = first.status;
  const assets = common.map(({ asset }) => asset.id);
  const cause = causeText(reason, assets, wording);
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

function unmeteredView(context: Context): TemplateResult | typeof nothing {
  const { known, say } = context;
  const all = unmeteredOf(known);
  if (all.length === 0) return nothing;
  return html`<article class="card group group-unmetered">
    <h3>${icon("unknown")} <span>${say("unmetered")}</span></h3>
    <ul>
      ${all.map(
        ({ asset, power }) => html`<li class="load state-unmeasured">
          <span class="state-icon">${icon("on")}</span>
          <div>
            <p class="load-line">
              <span class="name">${say("unmetered-below", { name: asset.name })}</span> ${powerView(power, context)}
            </p>
          </div>
        </li>`,
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
      ${unmeteredView(context)}
    </div>
  </section>`;
}
