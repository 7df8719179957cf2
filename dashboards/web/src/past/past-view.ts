// The card of the past: closed until wanted, and loaded with its charts then.
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import { countersOf, powersOf } from "./past.ts";

const TAG = "gridwright-past";

async function load(event: Event): Promise<void> {
  if (!(event.target as HTMLDetailsElement).open || customElements.get(TAG) !== undefined) return;
  const { Past } = await import("./past-card.ts");
  if (customElements.get(TAG) === undefined) customElements.define(TAG, Past);
}

/** Nothing where the site measures nothing of it. */
export function pastView({ known, say, language, plant }: Context): TemplateResult | typeof nothing {
  const { site } = known;
  if (powersOf(site).length + countersOf(site).length === 0) return nothing;
  return html`<details class="card past" @toggle=${load}>
    <summary><h2>${say("past")}</h2></summary>
    <gridwright-past .site=${site} .say=${say} .language=${language} .now=${plant}></gridwright-past>
  </details>`;
}
