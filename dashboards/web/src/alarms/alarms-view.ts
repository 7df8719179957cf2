// What a person must know, in words, on top, with since when. A live region: screen readers hear what is new. What only
// technicians can do something about stands with the devices.
import type { ApiAlarm } from "@gridwright/contract/api.ts";
import type { AlarmMessage } from "@gridwright/contract/messages.ts";
import { alarmReason } from "@gridwright/contract/render.ts";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Context } from "../context.ts";
import { icon } from "../icons.ts";
import { capital, isKnown, sentence } from "../text/sentence.ts";
import { type AlarmEntry, alarmWording, devicesText, openAlarms } from "./alarms.ts";

/** `The public grid is back`: an alarm as it lasts or ends. */
export function alarmText(message: AlarmMessage, { known, say, wording }: Context): string {
  const { alarm } = message;
  if (!isKnown(alarm.reason, wording)) return alarm.reason.code;
  const names = alarmWording(alarm, { site: known.site, say, wording });
  return capital(sentence(alarmReason(message, names), names));
}

/** The same as a moment of the story, with others like it at that time. */
export function momentText({ message, others }: AlarmEntry, context: Context): string {
  const { known, say, wording } = context;
  const named = { site: known.site, say, wording };
  const { event, alarm } = message;
  const began = event === "raised" && alarm.reason.code === "alarm-device-lost";
  const text = began
    ? capital(say("story-silent", { name: devicesText([alarm], named) }))
    : alarmText(message, context);
  return others.length === 0 ? text : `${text}; ${say("alarm-also", { names: devicesText(others, named) })}`;
}

/** What may be done about an alarm; nothing for who only looks. */
type Beside = (alarm: ApiAlarm) => TemplateResult | typeof nothing;
const nothingBeside: Beside = () => nothing;

function alarmView(alarm: ApiAlarm, context: Context, beside: Beside): TemplateResult {
  const { say, clock, plant } = context;
  const since = alarm.raisedAt > plant ? "" : say("since", { when: clock.when(alarm.raisedAt, plant) });
  const notes = [since, alarm.acknowledged ? say("seen") : ""].filter(Boolean).join(", ");
  return html`<li class="alarm alarm-${alarm.severity}">
    ${icon(alarm.severity === "info" ? "info" : "alarm")}
    <p>
      <strong>${say(`alarm-${alarm.severity}`)}:</strong> ${alarmText({ event: "raised", alarm }, context)}.
      ${notes === "" ? nothing : html`<small>${notes}</small>`}
    </p>
    ${beside(alarm)}
  </li>`;
}

export const alarmList = (
  alarms: readonly ApiAlarm[],
  context: Context,
  beside: Beside = nothingBeside,
): TemplateResult =>
  html`<ul class="alarms">
    ${repeat(
      alarms,
      ({ id }) => id,
      (alarm) => alarmView(alarm, context, beside),
    )}
  </ul>`;

export function alarmsView(context: Context): TemplateResult {
  const alarms = openAlarms(context.known.state, false);
  return html`<section aria-label=${context.say("alarms")} aria-live="polite" ?hidden=${alarms.length === 0}>
    ${alarmList(alarms, context)}
  </section>`;
}
