// The devices for technicians: who answers, how old the newest answer is, what went wrong. Closed until wanted.
import type { ApiDevice } from "@gridwright/contract/api.ts";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { openAlarms } from "../alarms/alarms.ts";
import { alarmList } from "../alarms/alarms-view.ts";
import type { Context } from "../context.ts";
import { icon } from "../icons.ts";
import { ageText } from "../text/numbers.ts";

const ORDER = ["lost", "never", "late", "ok"];

/** An answering device's age is as it was told; the others' grow with the plant's time. */
function ageOf({ quality, ageMs, at }: ApiDevice, { plant, now }: Context): number | null {
  if (ageMs === null || at === null) return ageMs;
  return quality === "ok" ? ageMs + now - plant : now - at;
}

function deviceView([id, device]: readonly [string, ApiDevice], context: Context): TemplateResult {
  const { say, language } = context;
  const age = ageOf(device, context);
  return html`<tr class="device-${device.quality}">
    <th scope="row">${id}</th>
    <td class="state"><span class="with-icon">${icon(device.quality === "ok" ? "on" : "alarm")} ${say(`device-${device.quality}`)}</span></td>
    <td class="age">${age === null ? "—" : say("ago", { ago: ageText(age, language) })}</td>
    <td class="errors">
      <span class="for-phones">${say("device-errors")}</span> ${device.errors.toLocaleString(language)}
      ${device.lastError === undefined ? nothing : html`<small>${device.lastError}</small>`}
    </td>
  </tr>`;
}

const devicesOf = ({ known }: Context): readonly (readonly [string, ApiDevice])[] =>
  Object.entries(known.state.devices).sort(
    ([a, { quality: one }], [b, { quality: other }]) =>
      ORDER.indexOf(one) - ORDER.indexOf(other) || a.localeCompare(b),
  );

/** Every device, those that do not answer first. */
export function deviceTable(context: Context): TemplateResult {
  const { say } = context;
  return html`<div class="table">
    <table>
      <thead>
        <tr>
          <th scope="col">${say("device")}</th>
          <th scope="col">${say("device-state")}</th>
          <th scope="col">${say("device-age")}</th>
          <th scope="col">${say("device-errors")}</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          devicesOf(context),
          ([id]) => id,
          (device) => deviceView(device, context),
        )}
      </tbody>
    </table>
  </div>`;
}

export function devicesView(context: Context): TemplateResult {
  const { say, known } = context;
  const devices = devicesOf(context);
  const ok = devices.filter(([, { quality }]) => quality === "ok").length;
  const sum = say("devices-sum", { ok: String(ok), all: String(devices.length) });
  const notes = openAlarms(known.state, true);
  const count = say(notes.length === 1 ? "devices-notes-one" : "devices-notes", {
    count: String(notes.length),
  });
  return html`<details class="card devices">
    <summary>
      <h2>${say("devices")}</h2>
      <span>${notes.length === 0 ? nothing : html`<b class="badge">${count}</b>`} ${sum}</span>
    </summary>
    ${notes.length === 0 ? nothing : alarmList(notes, context)} ${deviceTable(context)}
  </details>`;
}
