// A meter read by hand, told on the page by who looks after the site: which meter, what its display said and when, with a photo.
// What is refused is said in words, with the reading that was perhaps meant; then what was filled. A controller
// of the view that shows it.
import type { LedgerMeterRead, ReadingRefused, ReadingTaken } from "@gridwright/contract/api-ledger.ts";
import { numberText } from "@gridwright/contract/number-text.ts";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";
import type { Context } from "../context.ts";
import { ask, type Told } from "../people/asking.ts";
import { energyText } from "../text/numbers.ts";
import { orderIn } from "../text/per-language.ts";
import { type AccountKey, type SayOfAccount, sayOfAccount } from "./account-words.ts";
import { pictureOf } from "./photo.ts";
import { fieldOf, momentOf, typedOf, whOf } from "./reading.ts";

type Said = AccountKey | Told<ReadingTaken, ReadingRefused> | undefined;

export class ReadingCard implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #booked: () => void;
  #said: Said;
  #meter: string | undefined;
  #busy = false;

  /** `booked` is called when a reading was taken. */
  constructor(host: ReactiveControllerHost, booked: () => void) {
    this.#host = host;
    this.#booked = booked;
    host.addController(this);
  }

  hostConnected(): void {
    this.#said = undefined;
  }

  #show(said: Said, busy = false): void {
    this.#said = said;
    this.#busy = busy;
    this.#host.requestUpdate();
  }

  async #send(form: HTMLFormElement, { known }: Context): Promise<void> {
    const given = new FormData(form);
    const text = (name: string): string => String(given.get(name) ?? "").trim();
    const wh = whOf(text("reading"));
    const at = momentOf(text("at"), zoneShifts(known.site.timezone));
    if (wh === undefined) return this.#show("not-a-number");
    if (at === undefined) return this.#show("no-time");
    this.#show("waiting", true);
    const file = given.get("picture");
    const hasPhoto = file instanceof File && file.size > 0;
    const picture = hasPhoto ? await pictureOf(file) : undefined;
    if (hasPhoto && picture === undefined) return this.#show("bad-photo");
    this.#meter = text("meter");
    const body = { meter: this.#meter, at, wh, ...(picture !== undefined && { picture }) };
    const told = await ask<ReadingTaken, ReadingRefused>("POST", "ledger/readings", body);
    this.#show(told);
    if (!told.ok) return;
    form.reset();
    this.#booked();
  }

  #refused({ why, perhapsWh, settledTo }: ReadingRefused, context: Context, say: SayOfAccount) {
    const { language, clock, plant } = context;
    const when = settledTo === undefined ? "?" : clock.when(settledTo, plant);
    const words = why === undefined ? "" : say(`why-${why}`, { when });
    if (perhapsWh === undefined) return html`<p>${say("refused", { why: words })}</p>`;
    const reading = `${numberText(perhapsWh / 1_000, { least: 0, most: 2 }, language)}\u00a0kWh`;
    const take = (event: Event): void => {
      const { form } = event.currentTarget as HTMLButtonElement;
      const field = form?.elements.namedItem("reading");
      if (form === null || !(field instanceof HTMLInputElement)) return;
      field.value = typedOf(perhapsWh);
      void this.#send(form, context);
    };
    return html`<p>${say("refused", { why: words })} ${say("perhaps", { reading })}</p>
      <button type="button" class="plain" @click=${take}>${say("perhaps-take", { reading })}</button>`;
  }

  #answer(context: Context, say: SayOfAccount): TemplateResult | typeof nothing {
    const said = this.#said;
    if (said === undefined) return nothing;
    if (typeof said === "string") return html`<p>${say(said)}</p>`;
    if (!said.ok) {
      const { problem, detail } = said;
      return problem?.why === undefined
        ? html`<p>${say("failed", { why: detail })}</p>`
        : this.#refused(problem, context, say);
    }
    const { filledWh, from, to } = said.data;
    if (from === null || to === null) return html`<p>${say("fits")}</p>`;
    const { clock, plant, language } = context;
    const words = { energy: energyText(filledWh, language), from: clock.when(from, plant) };
    return html`<p>${say("filled", { ...words, to: clock.when(to, plant) })}</p>`;
  }

  #last({ lastAt, lastWh }: LedgerMeterRead, { clock, plant, language }: Context, say: SayOfAccount): string {
    if (lastAt === null || lastWh === null) return say("meter-never");
    const reading = numberText(lastWh / 1_000, { least: 0, most: 1 }, language);
    return say("meter-last", { reading, when: clock.when(lastAt, plant) });
  }

  #meters(meters: readonly LedgerMeterRead[], context: Context, say: SayOfAccount): TemplateResult {
    const { wording, language } = context;
    const order = orderIn(language);
    const nameOf = (meter: string): string => wording.names[meter] ?? meter;
    const sorted = meters.toSorted((a, b) => b.gaps - a.gaps || order(nameOf(a.meter), nameOf(b.meter)));
    const chosen = sorted.find(({ meter }) => meter === this.#meter) ?? sorted[0];
    const choose = (event: Event): void => {
      this.#meter = (event.target as HTMLSelectElement).value;
      this.#show(undefined);
    };
    const text = ({ meter, gaps }: LedgerMeterRead): string => {
      const words = { name: nameOf(meter), count: String(gaps) };
      return gaps === 0 ? words.name : say(gaps === 1 ? "meter-gap" : "meter-gaps", words);
    };
    return html`<label>${say("meter")}
        <select name="meter" @change=${choose} aria-describedby="meter-last">
          ${sorted.map((one) => html`<option value=${one.meter} ?selected=${one === chosen}>${text(one)}</option>`)}
        </select></label>
      <p class="soft" id="meter-last">
        ${chosen === undefined ? nothing : this.#last(chosen, context, say)}
        ${chosen?.photo == null ? nothing : html`<a href=${`api/v1/ledger/photos/${chosen.photo}`} target="_blank">${say("photo-last")}</a>`}
      </p>`;
  }

  /** The form; nothing where no meter may be read. */
  view(meters: readonly LedgerMeterRead[], context: Context): TemplateResult | typeof nothing {
    if (meters.length === 0) return nothing;
    const say = sayOfAccount(context.language);
    const now = fieldOf(context.plant, zoneShifts(context.known.site.timezone));
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      void this.#send(event.currentTarget as HTMLFormElement, context);
    };
    return html`<section class="card no-print" aria-labelledby="reading">
      <h2 id="reading">${say("read")}</h2>
      <p class="soft">${say("read-note")}</p>
      <form class="read-meter" @submit=${submit}>
        ${this.#meters(meters, context, say)}
        <label>${say("reading")} <input name="reading" inputmode="decimal" autocomplete="off" required /></label>
        <label>${say("time")} <input name="at" type="datetime-local" required value=${now} /></label>
        <label>${say("photo")}
          <input name="picture" type="file" accept="image/*" capture="environment" aria-describedby="photo-hint" /></label>
        <p class="soft" id="photo-hint">${say("photo-hint")}</p>
        <button class="do" ?disabled=${this.#busy}>${say("do-read")}</button>
        <div role="status">${this.#answer(context, say)}</div>
      </form>
    </section>`;
  }
}
