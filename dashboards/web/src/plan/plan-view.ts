// The card of the next 48 h: sun and use with their bounds, charge, what would be left off, and the hours with sun to
// spare in words, and what vehicles and tanks take.
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import { powerText } from "../text/numbers.ts";
import { type Curves, curvesOf, givesText, madeText, SIZE, trustText, windowsText } from "./plan.ts";
import { storeTexts } from "./stores.ts";

const LEGEND = ["sun", "load", "jobs", "charge", "off"] as const;

const chart = (curves: Curves, title: string): TemplateResult =>
  html`<svg class="plan-chart" viewBox="0 0 ${SIZE.width} ${SIZE.height}" preserveAspectRatio="none" role="img">
    <title>${title}</title>
    <path class="plan-band plan-sun" d=${curves.sunBand}></path>
    <path class="plan-band plan-load" d=${curves.loadBand}></path>
    <path class="plan-band plan-off" d=${curves.off}></path>
    <path class="plan-area plan-jobs" d=${curves.jobs}></path>
    <path class="plan-line plan-sun" d=${curves.sun}></path>
    <path class="plan-line plan-load" d=${curves.load}></path>
    <path class="plan-line plan-charge" d=${curves.charge}></path>
  </svg>`;

/** Nothing until services told of a plan. */
export function planView(context: Context): TemplateResult | typeof nothing {
  const { plan: report, say, language, clock, plant: now } = context;
  if (report?.plan === undefined) return nothing;
  const { plan } = report;
  const words = { say, language, clock, now };
  const curves = curvesOf(plan);
  const [first] = plan.steps;
  const gives = givesText(plan, words, context.wording);
  const stores = storeTexts(plan, words, context.wording);
  return html`<section class="card plan">
    <h2>${say("plan")}</h2>
    <p>${windowsText(plan, words)}</p>
    ${chart(curves, say("plan-chart", { power: powerText(curves.topW, language) }))}
    <p class="plan-axis">
      <span>${first === undefined ? "" : clock.time(first.at)}</span>
      <span>+${Math.round(plan.steps.length / 2)}&nbsp;h</span>
      <span>+${plan.steps.length}&nbsp;h</span>
    </p>
    <p class="plan-note">${say("plan-top", { power: powerText(curves.topW, language) })}</p>
    <ul class="plan-legend">
      ${LEGEND.filter((curve) => curve !== "jobs" || curves.jobs !== "").map((curve) => html`<li class="plan-${curve}">${say(`plan-${curve}`)}</li>`)}
    </ul>
    <p class="plan-note">${say("plan-bands")}</p>
    ${stores.length === 0 ? nothing : html`<ul class="plan-stores">${stores.map((text) => html`<li>${text}</li>`)}</ul>`}
    ${gives === "" ? nothing : html`<p class="plan-gives">${gives}</p>`}
    <p class="plan-trust">${madeText(plan, words, context.wording)} ${trustText(report, words)}</p>
  </section>`;
}
