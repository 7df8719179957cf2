// The second step of signing in on the page: a picture for the phone, the first code, recovery codes that are shown once.
// Stands in one's account, and at the door for who must have it first.
import type { RecoveryAnswer, SecondAnswer, SecondOffer } from "@gridwright/contract/people.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ask, type Told } from "./asking.ts";
import { type PeopleKey, type SayOfPeople, sayOfPeople } from "./people-words.ts";
import { qrView } from "./qr-view.ts";

export class SecondPart extends LitElement {
  static override properties = {
    ...{ language: {}, must: {}, second: { state: true }, offer: { state: true } },
    ...{ codes: { state: true }, why: { state: true } },
  };
  declare language: Language;
  /** At the door: the page begins once it is on. */
  declare must: boolean;
  declare second: SecondAnswer | undefined;
  declare offer: SecondOffer | undefined;
  /** Recovery codes that were just made. */
  declare codes: readonly string[] | undefined;
  declare why: string | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  get #say(): SayOfPeople {
    return sayOfPeople(this.language);
  }

  async #load(): Promise<void> {
    const told = await ask<SecondAnswer>("GET", "me/second");
    if (told.ok) this.second = told.data;
  }

  /** True when it was done; else `why` says why not. */
  #done<T>(told: Told<T>, wrong: PeopleKey): told is Extract<Told<T>, { readonly ok: true }> {
    const words: Readonly<Record<number, PeopleKey>> = { 401: wrong, 429: "own-wait" };
    const key = told.ok ? undefined : words[told.status];
    this.why = told.ok ? undefined : key === undefined ? told.detail : this.#say(key);
    return told.ok;
  }

  /** What was typed into a form's one field, without the browser's own way of sending it. */
  #typed(event: SubmitEvent): string {
    event.preventDefault();
    return String(new FormData(event.target as HTMLFormElement).get("given"));
  }

  readonly #begin = async (event: SubmitEvent): Promise<void> => {
    const told = await ask<SecondOffer>("POST", "me/second", { password: this.#typed(event) });
    if (this.#done(told, "own-wrong")) this.offer = told.data;
  };

  readonly #prove = async (event: SubmitEvent): Promise<void> => {
    const told = await ask<RecoveryAnswer>("PUT", "me/second", { code: this.#typed(event) });
    if (!this.#done(told, "second-wrong")) return;
    this.codes = told.data.codes;
    this.offer = undefined;
    await this.#load();
  };

  readonly #off = async (event: SubmitEvent): Promise<void> => {
    const told = await ask<null>("POST", "me/second/off", { code: this.#typed(event) });
    if (this.#done(told, "second-wrong")) await this.#load();
  };

  readonly #kept = (): void => {
    this.codes = undefined;
    if (this.must) location.reload();
  };

  #form(label: string, does: string, sends: (event: SubmitEvent) => Promise<void>): TemplateResult {
    const secret = sends === this.#begin;
    return html`<form class="line" @submit=${sends}>
      <label>${label}
        <input name="given" type=${secret ? "password" : "text"} autocomplete=${secret ? "current-password" : "one-time-code"} autocapitalize="none" required />
      </label>
      <button class="do">${does}</button>
    </form>`;
  }

  #codes(codes: readonly string[]): TemplateResult {
    const say = this.#say;
    return html`<p role="status"><strong>${say("second-recovery")}</strong></p>
      <ol class="recovery">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ol>
      <button class="do" @click=${this.#kept}>${say("second-kept")}</button>`;
  }

  #setUp({ secret, uri }: SecondOffer): TemplateResult {
    const say = this.#say;
    return html`<p>${say("second-scan")}</p>
      ${qrView(uri, say("second-picture"))}
      <p class="told">${say("second-by-hand")} <code>${secret}</code></p>
      ${this.#form(say("second-first"), say("second-prove"), this.#prove)}`;
  }

  #standing({ on, must, recoveryLeft }: SecondAnswer): TemplateResult {
    const say = this.#say;
    if (!on)
      return html`<p class="soft">${say("second-off")}</p>${this.#form(say("own-old"), say("second-begin"), this.#begin)}`;
    return html`<p>${say("second-on", { count: String(recoveryLeft) })}</p>
      ${must ? html`<p class="soft">${say("second-must")}</p>` : this.#form(say("second-code"), say("second-end"), this.#off)}`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { second, offer, codes, why } = this;
    if (second === undefined) return nothing;
    return html`<p role="alert" class="door-why">${why ?? nothing}</p>
      ${codes !== undefined ? this.#codes(codes) : offer !== undefined ? this.#setUp(offer) : this.#standing(second)}`;
  }
}

/** Defines it where it is not yet. */
export function defineSecond(): void {
  if (customElements.get("gridwright-second") === undefined)
    customElements.define("gridwright-second", SecondPart);
}
