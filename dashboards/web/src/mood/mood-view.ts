// The top of the page: one sentence that a member understands in five seconds, the battery, and the time of what is
// shown. When it is not live it says so here, in words.
import { html, nothing, svg, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import { icon } from "../icons.ts";
import { isLive, lagOf } from "../live/merge.ts";
import { ageText, powerText, shareText } from "../text/numbers.ts";
import type { WordKey } from "../words/words.ts";
import { type Mood, moodOf } from "./mood.ts";

const FLOWING_W = 50;
/** Older than this, what was known is not even told. */
const KNOWN_FOR_MS = 900_000;

function batteryText({ soc, batteryPower }: Mood, { say, language, now }: Context): string {
  if (soc.belief === "none") return say("battery-unknown");
  const at = say("battery-at", { soc: shareText(soc.value, language) });
  if (soc.belief !== "fresh" && soc.t !== undefined)
    return `${at}, ${say("battery-old", { ago: ageText(now - soc.t, language) })}`;
  if (batteryPower.belief === "none") return at;
  const power = powerText(batteryPower.value, language);
  if (batteryPower.value > FLOWING_W) return `${at}, ${say("battery-giving", { power })}`;
  if (batteryPower.value < -FLOWING_W) return `${at}, ${say("battery-filling", { power })}`;
  return `${at}, ${say("battery-resting")}`;
}

function moreText({ kind, shed }: Mood, { say }: Context): string {
  const count = say(shed === 1 ? "load-one" : "load-many", { count: String(shed) });
  if (kind === "scarce" && shed === 0) return say("mood-scarce-soon");
  return say(`mood-${kind}-more`, { count });
}

const BAR = { width: 200, height: 14 };

function batteryBar({ soc }: Mood): TemplateResult | typeof nothing {
  if (soc.belief === "none") return nothing;
  const width = Math.max(4, Math.min(1, soc.value) * BAR.width);
  return html`<svg class="bar" viewBox="0 0 ${BAR.width} ${BAR.height}" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar-back" width=${BAR.width} height=${BAR.height} rx="7"></rect>
    ${svg`<rect class="bar-fill" width=${width} height=${BAR.height} rx="7"></rect>`}
    ${[1, 2, 3].map((step) => svg`<path class="bar-mark" d="M${(step * BAR.width) / 4} 0v${BAR.height}"></path>`)}
  </svg>`;
}

function catchingUp({ known, say, clock, plant, wall, language }: Context): TemplateResult | typeof nothing {
  const { speed, t } = known.state;
  if (speed === 1 || t === null || !isLive(known)) return nothing;
  const key: WordKey = speed > 1 ? "catching-up" : "slower";
  const params = { speed: (known.pace ?? speed).toLocaleString(language), when: clock.when(plant, wall) };
  return html`<p class="note catching">${icon("clock")} ${say(key, params)}</p>`;
}

/** Why what is shown is not live; undefined when it is. */
export function lostText({ known, say, clock, wall, language }: Context): string | undefined {
  if (isLive(known)) return undefined;
  const when = clock.when(known.heardAt, wall);
  if (known.link === "memory") return say("lost-memory", { when });
  const ago = ageText(known.quietMs, language);
  if (known.link === "lost") return say("lost-page", { when, ago });
  const { state, silentMs } = known.state.control;
  if (state === "live") return say("lost-quiet", { ago });
  if (state === "never") return say("lost-never");
  const long: WordKey = `lost-${state}-long`;
  if (silentMs === null) return say(long);
  return say(`lost-${state}`, { ago: ageText(lagOf(known), language) });
}

/** The header's note on trust: announced when it appears. */
export const lostView = (context: Context): TemplateResult => {
  const text = lostText(context);
  return html`<div role="status" aria-live="polite">
    ${text === undefined ? nothing : html`<p class="note lost">${icon("alarm")} ${text}</p>`}
  </div>`;
};

/** Without touch there is no advice: only what was last known, with its age. */
function lostMood({ kind }: Mood, { say, known, language }: Context) {
  const never = known.state.control.state === "never";
  const waiting = known.link === "memory" || never;
  const title = say(waiting ? "mood-waiting" : "mood-lost");
  const lag = lagOf(known);
  const told = kind !== "unknown" && lag < KNOWN_FOR_MS && !never;
  const more = told
    ? say("mood-lost-more", { ago: ageText(lag, language), mood: say(`mood-${kind}`) })
    : say("mood-lost-long");
  return { kind: "unknown" as const, title, more };
}

export function moodView(context: Context): TemplateResult {
  const { say, known } = context;
  const mood = moodOf(known);
  const { kind, title, more } = isLive(known)
    ? { kind: mood.kind, title: say(`mood-${mood.kind}`), more: moreText(mood, context) }
    : lostMood(mood, context);
  return html`<section class="mood mood-${kind}" aria-labelledby="mood">
    <div class="mood-icon">${icon(kind)}</div>
    <div class="mood-words">
      <h2 id="mood">${title}</h2>
      <p>${more}</p>
      <p class="battery-line"><strong>${batteryText(mood, context)}</strong> · ${say(`mode-${known.state.mode}`)}</p>
      ${batteryBar(mood)}
    </div>
    ${catchingUp(context)}
  </section>`;
}
