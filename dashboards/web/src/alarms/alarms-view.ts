// What a person must know, in words, on top, with since when. A live region: screen readers hear what is new.
import type { ApiAlarm } from "@gridwright/contract/api.ts";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Context } from "../context.ts";
import { icon } from "../icons.ts";
import { capital, sentence } from "../text/sentence.ts";

const ORDER = ["critical", "warning", "info"];

function alarmView(alarm: ApiAlarm, { say, clock, plant, wording }: Context): TemplateResult {
  const since = say("since", { when: clock.when(alarm.raisedAt, plant) });
  return html`<li class="alarm alarm-${alarm.severity}">
    ${icon(alarm.severity === "info" ? "info" : "alarm")}
    <p>
      <strong>${say(`alarm-${alarm.severity}`)}:</strong> ${capital(sentence(alarm.reason, wording))}.
      <small>${since}${alarm.acknowledged ? `, ${say("seen")}` : nothing}</small>
    </p>
  </li>`;
}

export function alarmsView(context: Context): TemplateResult {
  const alarms = context.known.state.alarms.toSorted(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || b.raisedAt - a.raisedAt,
  );
  return html`<section aria-label=${context.say("alarms")} aria-live="polite" ?hidden=${alarms.length === 0}>
    <ul class="alarms">
      ${repeat(
        alarms,
        ({ id }) => id,
        (alarm) => alarmView(alarm, context),
      )}
    </ul>
  </section>`;
}
