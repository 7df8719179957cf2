// A power with its age where it is old, and nothing where it is not known.
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import type { Measure } from "../live/measure.ts";
import { ageText, powerText } from "../text/numbers.ts";

export function powerView(power: Measure, { say, language, now }: Context): TemplateResult | typeof nothing {
  if (power.belief === "none") return nothing;
  const text = powerText(power.value, language);
  if (power.belief === "fresh") return html`<span class="power">${text}</span>`;
  const age =
    power.t === undefined ? say("old") : say("value-old", { ago: ageText(now - power.t, language) });
  return html`<span class="power is-old">${text} <small>${age}</small></span>`;
}
