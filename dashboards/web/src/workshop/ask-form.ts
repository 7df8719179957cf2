// The form that asks for a machine's time. Its hours stay the same while the clock goes on: what was chosen stays chosen.
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ClockText } from "../text/clock.ts";
import type { SayOfShop } from "./shop-words.ts";
import type { Shop } from "./workshop.ts";

const HOUR_MS = 3_600_000;
/** Within how many hours a job may be done. */
const WITHIN_H = [3, 6, 12, 24, 48] as const;
const WITHIN_USUAL_H = 24;
/** A full hour is offered so many hours ahead. */
const AHEAD_H = 24;
const MINUTES_USUAL = 40;

/** What a job is asked with. */
export interface JobWanted {
  readonly machine: string;
  readonly minutes: number;
  readonly deadline: number;
  readonly earliest?: number;
  readonly interruptible: boolean;
  readonly what?: string;
}

/** From what was filled in; `now` in ms since 1970. What must be done within a time counts from when it may begin. */
export function wantedBy(given: FormData, now: number): JobWanted {
  const text = (name: string): string => String(given.get(name) ?? "").trim();
  const earliest = Number(text("from"));
  return {
    machine: text("machine"),
    minutes: Number(text("minutes")),
    deadline: Math.round(Math.max(now, earliest) + Number(text("within")) * HOUR_MS),
    ...(earliest > now && { earliest }),
    interruptible: given.get("interruptible") !== null,
    ...(text("what") !== "" && { what: text("what") }),
  };
}

/** The full hours ahead from which it may begin. */
export const hoursAhead = (now: number): readonly number[] =>
  Array.from({ length: AHEAD_H }, (_, place) => (Math.floor(now / HOUR_MS) + 1 + place) * HOUR_MS);

interface Asking {
  readonly say: SayOfShop;
  readonly clock: ClockText;
  readonly now: number;
  readonly busy: boolean;
  readonly shop: Shop;
  readonly nameOf: (machine: string) => string;
  readonly submit: (event: SubmitEvent) => void;
}

export function askForm({ say, clock, now, busy, shop, nameOf, submit }: Asking): TemplateResult {
  const usual = shop.machines.find(({ byPermit }) => byPermit)?.id;
  return html`<form class="shop-ask" @submit=${submit}>
    <label>${say("shop-machine")}
      <select name="machine">${shop.machines.map(({ id }) => html`<option value=${id} ?selected=${id === usual}>${nameOf(id)}</option>`)}</select>
    </label>
    <label>${say("shop-minutes")}
      <input name="minutes" type="number" min="1" max="1440" step="1" required .defaultValue=${String(MINUTES_USUAL)} />
    </label>
    <label>${say("shop-from")}<select name="from">
      <option value="0">${say("shop-from-now")}</option>
      ${repeat(
        hoursAhead(now),
        (at) => at,
        (at) => html`<option value=${at}>${say("shop-from-at", { when: clock.when(at, now) })}</option>`,
      )}
    </select></label>
    <label>${say("shop-within")}
      <select name="within">${WITHIN_H.map((hours) => html`<option value=${hours} ?selected=${hours === WITHIN_USUAL_H}>${say("shop-hours", { hours: String(hours) })}</option>`)}</select>
    </label>
    <label>${say("shop-what")}<input name="what" maxlength="80" /></label>
    <label class="shop-check"><input name="interruptible" type="checkbox" /> ${say("shop-interruptible")}</label>
    <button class="do" ?disabled=${busy}>${say("shop-ask")}</button>
  </form>`;
}
