// What the flows' card says of trials on the twin and of what is other between two versions. Data in, templates out.
import type { TrialHead } from "@gridwright/contract/api-trials.ts";
import type { FlowsCompared } from "@gridwright/contract/flows-compare.ts";
import { html, type nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import type { Tell } from "../view/words.ts";

export interface Telling {
  readonly tell: Tell;
  readonly context: Context;
}

const SHOWN = 5;
const WH_PER_KWH = 1_000;

function outcomeText({ state, progress, outcome, why }: TrialHead, { tell, context }: Telling): string {
  if (state === "running") return tell("trial-running", { percent: `${Math.round(progress * 100)}` });
  if (state === "failed") return tell("trial-failed", { why: why?.[context.language] ?? "" });
  if (outcome === null) return tell(`trial-${state}`);
  const kwh = new Intl.NumberFormat(context.language, { maximumFractionDigits: 1 });
  const [before, after] = outcome.notServedWh.map((wh) => kwh.format(wh / WH_PER_KWH));
  const figures = { before: before ?? "", after: after ?? "", refused: `${outcome.refused}` };
  const told = tell("trial-done", figures);
  return outcome.ended === 0 ? told : `${told} ${tell("trial-ended", { n: `${outcome.ended}` })}`;
}

/** The last trials, newest first. */
export function trialsView(trials: readonly TrialHead[], telling: Telling): TemplateResult | typeof nothing {
  const { tell, context } = telling;
  if (trials.length === 0) return html`<p>${tell("trial-none")}</p>`;
  return html`<h3 class="flows-head">${tell("trial-head")}</h3>
    <ul class="flows-list">${trials.slice(0, SHOWN).map((trial) => {
      const when = context.clock.when(trial.at, context.plant);
      return html`<li><span class="flows-line">${tell("trial-line", { when, by: trial.by })} ${outcomeText(trial, telling)}</span></li>`;
    })}</ul>`;
}

const nameOf = ({ name, type, id }: FlowsCompared["added"][number]): string =>
  `${name === "" ? type : `${name} · ${type}`} (${id})`;

/** What is other, node by node and property by property. */
export function comparedView({ added, removed, changed }: FlowsCompared, tell: Tell): TemplateResult {
  if (added.length + removed.length + changed.length === 0)
    return html`<p role="status">${tell("compare-same")}</p>`;
  return html`<ul class="flows-compared">
    ${added.map((node) => html`<li>${tell("compare-added", { node: nameOf(node) })}</li>`)}
    ${removed.map((node) => html`<li>${tell("compare-removed", { node: nameOf(node) })}</li>`)}
    ${changed.map(
      (node) => html`<li>${tell("compare-changed", { node: nameOf(node) })}
        <ul>${node.changes.map(
          ({ key, before, after }) => html`<li><code>${key}: ${before ?? "–"} → ${after ?? "–"}</code></li>`,
        )}</ul></li>`,
    )}
  </ul>`;
}
