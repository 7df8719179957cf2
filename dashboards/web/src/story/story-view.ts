// The story in words, newest first, with the exact why on demand: rule, inputs with their ages, what else was
// considered and passed over.
import type { ApiDecision } from "@gridwright/contract/api.ts";
import type { Setting } from "@gridwright/contract/decision.ts";
import { plainText } from "@gridwright/contract/explain/plain.ts";
import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { type AlarmEntry, alarmEntries } from "../alarms/alarms.ts";
import { momentText } from "../alarms/alarms-view.ts";
import type { Context } from "../context.ts";
import { icon } from "../icons.ts";
import { groupsOf } from "../loads/loads.ts";
import { shareText } from "../text/numbers.ts";
import { capital, sentence, technicianText } from "../text/sentence.ts";
import type { WordKey } from "../words/words.ts";
import { contestView } from "./contest-view.ts";
import { namesText } from "./names.ts";
import { type Entry, entriesOf, linesOf, ofCard, sameCause, wasOff } from "./story.ts";

/** Something was taken away: supply, or a part of what it may give. */
const isTaken = (set: Setting): boolean =>
  set.kind === "switch" ? !set.on : set.kind === "limit" && set.share < 1;

const nameOf = (asset: string, { wording }: Context): string => wording.names[asset] ?? asset;

function namesOf({ decisions, kind }: Entry, context: Context): string {
  const shown = kind === "repeated" ? decisions.slice(0, 1) : decisions;
  return namesText(
    shown.map(({ asset }) => nameOf(asset, context)),
    context.language,
  );
}

function actKey(decision: ApiDecision, { known }: Context): WordKey {
  const { asset, set, rule } = decision;
  if (set.kind === "limit") return set.share < 1 ? "story-limited" : "story-unlimited";
  if (set.kind === "setpoint") return "story-setpoint";
  const generator = known.site.assets.some(({ id, kind }) => id === asset && kind === "generator");
  if (generator) return set.on ? "story-started" : "story-stopped";
  if (!set.on) return "story-off";
  const back = rule === "restoration" && wasOff(known.state.decisions, decision);
  return back ? "story-back" : "story-on";
}

function actText(entry: Entry, context: Context): string {
  const newest = entry.decisions[0];
  const share = newest.set.kind !== "switch" ? shareText(newest.set.share, context.language) : "";
  return context.say(actKey(newest, context), { names: namesOf(entry, context), share });
}

/** What brings it back: only for what was taken away, and only where it is the same for all. */
function untilText({ decisions }: Entry, { wording }: Context): string | undefined {
  const [newest] = decisions;
  const taken = isTaken(newest.set);
  const texts = new Set(decisions.map(({ until }) => sentence(until, wording)));
  return taken && (texts.size === 1 || decisions.length === 1) ? [...texts][0] : undefined;
}

/** The cause as a member says it, where the exact sentence is not. */
const plainOf = ({ decisions: [newest, ...others] }: Entry, { wording }: Context): string | undefined =>
  plainText(
    newest.reason,
    [newest, ...others].map(({ asset }) => asset),
    wording,
  );

/** `Water heater of house 4 switched off: too much was running …; it comes back when 2.4 kVA are free`. */
export function entryText(entry: Entry, context: Context): string {
  const until = untilText(entry, context);
  const [newest, ...others] = entry.decisions;
  const cause = plainOf(entry, context) ?? sentence(newest.reason, context.wording);
  const different = entry.kind === "together" && !others.every((other) => sameCause(newest, other));
  const reason = different ? context.say("story-in-turn", { cause }) : cause;
  return `${actText(entry, context)}: ${reason}${until === undefined ? "" : `; ${until}`}`;
}

/** The exact cause with its figures, where the entry says it in plain words. */
export const figuresText = (entry: Entry, context: Context): string | undefined =>
  plainOf(entry, context) === undefined
    ? undefined
    : capital(sentence(entry.decisions[0].reason, context.wording));

export function entryView(entry: Entry, context: Context): TemplateResult {
  const { say, clock, plant } = context;
  const [newest] = entry.decisions;
  const figures = figuresText(entry, context);
  const oldest = entry.decisions.at(-1) ?? newest;
  const repeated = { count: String(entry.decisions.length), when: clock.time(oldest.at) };
  const taken = isTaken(newest.set);
  return html`<li class="entry ${taken ? "taken" : "given"}">
    <time datetime=${new Date(newest.at).toISOString()}>${clock.when(newest.at, plant)}</time>
    <div>
      <p>
        ${capital(entryText(entry, context))}.
        ${figures === undefined ? nothing : html`<small class="figures">${figures}.</small>`}
        ${entry.kind === "repeated" ? html`<span class="times">${say("story-times", repeated)}</span>` : nothing}
      </p>
      <details>
        <summary>${say("story-more")}</summary>
        ${entry.decisions.map(
          (decision) => html`<p class="exactly">${technicianText(decision, context.wording)}</p>`,
        )}
        ${contestView(entry, context)}
      </details>
    </div>
  </li>`;
}

function alarmEntryView(entry: AlarmEntry, context: Context): TemplateResult {
  const { at, message } = entry;
  const { clock, plant } = context;
  const over = message.event === "cleared";
  return html`<li class="entry ${over ? "given" : "taken"}">
    <time datetime=${new Date(at).toISOString()}>${clock.when(at, plant)}</time>
    <div><p>${icon(over ? "on" : "alarm")} ${momentText(entry, context)}.</p></div>
  </li>`;
}

const ALL = "*";

function filterView(context: Context): TemplateResult {
  const { say, known, card, act } = context;
  const change = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    act.card(value === ALL ? undefined : value);
  };
  return html`<label class="filter">
    ${say("story-of")}
    <select @change=${change}>
      <option value=${ALL} ?selected=${card === undefined}>${say("story-all")}</option>
      ${groupsOf(known).map(
        ({ id, name }) =>
          html`<option value=${id} ?selected=${card === id}>${name ?? say("shared")}</option>`,
      )}
    </select>
  </label>`;
}

function listOf(context: Context): TemplateResult {
  const { say, known, card, lines, act } = context;
  const alarms = alarmEntries(known.state, known.site, card);
  const entries = linesOf(entriesOf(ofCard(known.state.decisions, known.site, card)), alarms, context.plant);
  const isShort = Object.values(known.state.assets).some(({ shed }) => shed);
  if (entries.length === 0) return html`<p>${say(isShort ? "story-none-off" : "story-none")}</p>`;
  return html`<ol class="entries">
      ${repeat(
        entries.slice(0, lines),
        ({ id }) => id,
        (entry) => (entry.kind === "alarm" ? alarmEntryView(entry, context) : entryView(entry, context)),
      )}
    </ol>
    ${entries.length > lines ? html`<button class="more" @click=${act.more}>${say("story-older")}</button>` : nothing}`;
}

export function storyView(context: Context): TemplateResult {
  const { known, language, card, lines, clock, plant } = context;
  const today = clock.when(plant, plant - 86_400_000);
  return html`<section class="card story" aria-labelledby="story">
    <div class="section-head">
      <h2 id="story">${context.say("story")}</h2>
      ${guard([known.site, language, card], () => filterView(context))}
    </div>
    <div class="scroll">${guard([known.state.decisions, known.state.alarms, known.state.cleared, known.site, language, card, lines, today.slice(0, 6), context.me], () => listOf(context))}</div>
  </section>`;
}
