// The fairness card: every house beside the others, open to all. Worst first, so that nobody has to look for it.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Context } from "../context.ts";
import { shareText } from "../text/numbers.ts";
import { type HouseLine, houseLines } from "./fairness.ts";

const houseView = (house: HouseLine, { say }: Context): TemplateResult =>
  html`<tr class="house-${house.stage}">
    <th scope="row">${house.name}</th>
    <td>${house.served}${house.off === "" ? nothing : html` <small>${say("fair-off", { time: house.off })}</small>`}</td>
    <td>
      ${house.today}
      ${house.full === null ? nothing : html`<meter min="0" max="1" high="0.85" optimum="0" value=${house.full}></meter>`}
      ${house.note === "" ? nothing : html`<small>${house.note}</small>`}
    </td>
  </tr>`;

/** Nothing where the site has no members, or control has not told yet. */
export function fairnessView(context: Context): TemplateResult | typeof nothing {
  const { known, say, language } = context;
  const report = known.state.fairness;
  if (report === undefined) return nothing;
  const lines = houseLines(report, known.site.members, { say, language });
  if (lines.length === 0) return nothing;
  const sum =
    report.worst === null || report.jain === null
      ? ""
      : say("fair-sum", {
          worst: shareText(report.worst, language),
          jain: report.jain.toLocaleString(language, { maximumFractionDigits: 2 }),
        });
  return html`<details class="card fairness">
    <summary>
      <h2>${say("fair")}</h2>
      <span>${sum}</span>
    </summary>
    <p class="fair-note">${say(`fair-${report.supply}`)} ${say("fair-note")}</p>
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">${say("fair-house")}</th>
            <th scope="col">${say("fair-served")}</th>
            <th scope="col">${say("fair-today")}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            lines,
            ({ id }) => id,
            (house) => houseView(house, context),
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
