// What the community agreed beside the site file: read by everybody; technicians and admins propose, consent and end. Loaded
// when it is opened; what it shows it asks anew.
import type { AgreementAnswer, AgreementsAnswer } from "@gridwright/contract/api-agreements.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Known } from "../live/merge.ts";
import { ask, type Told } from "../people/asking.ts";
import type { PeoplePart } from "../people/closed-cards.ts";
import { energyText, shareText } from "../text/numbers.ts";
import { emergencyOf, proposalOf } from "./agreement-form.ts";
import { type SayOfAgreements, sayOfAgreements } from "./agreements-words.ts";

const EVERY_MS = 10_000;
const HOURS = [6, 12, 24, 48, 72] as const;
const HOURS_USUAL = 24;
const TIERS = [0, 1, 2, 3, 4] as const;
const TIER_USUAL = 2;
const OVER_SHOWN = 8;

export interface AgreementsPart extends PeoplePart {
  readonly site: Known["site"];
}

export class Agreements extends LitElement {
  static override properties = { given: {}, all: { state: true }, why: { state: true } };
  declare given: AgreementsPart;
  declare all: AgreementsAnswer | undefined;
  declare why: string | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
    this.#timer = setInterval(() => void this.#load(), EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  get #say(): SayOfAgreements {
    return sayOfAgreements(this.given.language);
  }

  get #decides(): boolean {
    const { person } = this.given.me;
    return person !== null && mayAs(person.role, "technician");
  }

  async #load(): Promise<void> {
    if (document.visibilityState !== "visible") return;
    const told = await ask<AgreementsAnswer>("GET", "agreements");
    if (told.ok) this.all = told.data;
  }

  async #done(asking: Promise<Told<AgreementAnswer>>): Promise<boolean> {
    const told = await asking;
    this.why = told.ok ? undefined : this.#say("refused", { why: told.detail });
    await this.#load();
    return told.ok;
  }

  /** Sends what a form says, and empties it once it was taken. */
  #sender(path: string, bodyOf: (given: FormData) => object): (event: SubmitEvent) => Promise<void> {
    return async (event) => {
      event.preventDefault();
      const form = event.target as HTMLFormElement;
      if (await this.#done(ask<AgreementAnswer>("POST", path, bodyOf(new FormData(form))))) form.reset();
    };
  }

  #name(load: string): string {
    return this.given.site.assets.find(({ id }) => id === load)?.name ?? load;
  }

  #terms({ tiers, allowancesWh, ladder }: AgreementAnswer): readonly string[] {
    const say = this.#say;
    const { language, members } = this.given;
    return [
      ...Object.entries(tiers).map(([id, tier]) =>
        say("tier-of", { load: this.#name(id), tier: String(tier) }),
      ),
      ...Object.entries(allowancesWh).map(([id, wh]) =>
        say("allowance-of", { member: members[id]?.name ?? id, energy: energyText(wh, language) }),
      ),
      ...Object.entries(ladder).map(([step, { below, restore }]) =>
        say("step-of", { step, below: shareText(below, language), restore: shareText(restore, language) }),
      ),
    ];
  }

  #times({ begins, ends }: AgreementAnswer): string {
    const say = this.#say;
    const { clock } = this.given;
    const now = this.all?.now ?? this.given.wall;
    const from = begins === null ? [] : [say("from", { when: clock.when(begins, now) })];
    const until = ends === null ? say("until-ended") : say("until", { when: clock.when(ends, now) });
    return [...from, until].join(", ");
  }

  #state({ state, holds, endAsked }: AgreementAnswer): string {
    if (endAsked) return this.#say("state-end");
    return this.#say(holds ? "state-holds" : `state-${state}`);
  }

  #acts(one: AgreementAnswer): TemplateResult | typeof nothing {
    const say = this.#say;
    const { id, state, mine, emergency, endAsked, endMine } = one;
    const act = (key: Parameters<SayOfAgreements>[0], method: string, path: string): TemplateResult =>
      html`<button class="plain" @click=${() => this.#done(ask<AgreementAnswer>(method, path))}>${say(key)}<span class="for-readers">: ${one.title}</span></button>`;
    if (state === "open")
      return mine
        ? html`<small>${say("own")}</small> ${act("take-back", "DELETE", `agreements/${id}`)}`
        : act("consent", "POST", `agreements/${id}/consent`);
    if (state !== "agreed") return nothing;
    if (emergency) return act("end-now", "DELETE", `agreements/${id}`);
    if (!endAsked) return act("ask-end", "DELETE", `agreements/${id}`);
    return endMine
      ? html`<small>${say("own")}</small>`
      : act("consent-end", "POST", `agreements/${id}/consent`);
  }

  #one(one: AgreementAnswer): TemplateResult {
    const say = this.#say;
    const names = one.by.join(", ");
    return html`<li class="agreement ${one.holds ? "is-held" : ""}">
      <p><strong>${one.title}</strong> <span class="shop-word">${one.emergency ? `${say("emergency")} · ` : ""}${this.#state(one)}</span></p>
      <p>${this.#terms(one).join(" · ")}; ${this.#times(one)}</p>
      <small>${say(one.by.length > 1 ? "behind-both" : "behind", { names })}${one.why === undefined ? "" : ` · ${one.why}`}</small>
      ${this.#decides ? this.#acts(one) : nothing}
    </li>`;
  }

  #loadFields(): TemplateResult {
    const say = this.#say;
    const loads = this.given.site.assets.filter(({ tier }) => tier !== undefined);
    const tierName = (tier: (typeof TIERS)[number]): string =>
      tier === 0 || tier === 4 ? say(`tier-${tier}`) : String(tier);
    return html`<label>${say("title")}<input name="title" maxlength="80" required /></label>
      <label>${say("load")}<select name="load"><option value="">${say("no-load")}</option>${loads.map(({ id, name, tier }) => html`<option value=${id}>${name} (${tier})</option>`)}</select></label>
      <label>${say("tier")}<select name="tier">${TIERS.map((tier) => html`<option value=${tier} ?selected=${tier === TIER_USUAL}>${tierName(tier)}</option>`)}</select></label>`;
  }

  #moreFields(): TemplateResult {
    const say = this.#say;
    const { members, site } = this.given;
    const steps = site.ladder.filter(({ by }) => by === "soc");
    const number = (name: "allowance" | "below" | "restore"): TemplateResult =>
      html`<label>${say(name)}<input name=${name} type="number" min="0" step="any" /></label>`;
    return html`<details>
      <summary>${say("more")}</summary>
      <div class="line">
        <label>${say("member")}<select name="member"><option value="">${say("nobody")}</option>${Object.entries(members).map(([id, { name }]) => html`<option value=${id}>${name}</option>`)}</select></label>
        ${number("allowance")}
        <label>${say("step")}<select name="step"><option value="">${say("no-step")}</option>${steps.map(({ name }) => html`<option value=${name}>${name}</option>`)}</select></label>
        ${number("below")} ${number("restore")}
      </div>
    </details>`;
  }

  #forms(): TemplateResult {
    const say = this.#say;
    const day = (name: "begins" | "ends"): TemplateResult =>
      html`<label>${say(name)}<input name=${name} type="datetime-local" /></label>`;
    return html`<h3>${say("propose")}</h3>
      <form class="propose" @submit=${this.#sender("agreements", proposalOf)}>
        <div class="line">${this.#loadFields()} ${day("begins")} ${day("ends")}</div>
        ${this.#moreFields()}
        <button class="do">${say("do-propose")}</button>
      </form>`;
  }

  #emergencyForm(): TemplateResult {
    const say = this.#say;
    return html`<h3>${say("declare")}</h3>
      <p class="soft">${say("declare-note")}</p>
      <form class="line declare" @submit=${this.#sender("emergency", emergencyOf)}>
        ${this.#loadFields()}
        <label>${say("hours")}<select name="hours">${HOURS.map((hours) => html`<option value=${hours} ?selected=${hours === HOURS_USUAL}>${hours}</option>`)}</select></label>
        <button class="do is-grave">${say("do-declare")}</button>
      </form>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { all, why } = this;
    if (all === undefined) return nothing;
    const say = this.#say;
    const stands = ({ state }: AgreementAnswer): boolean => state === "open" || state === "agreed";
    const now = all.agreements.filter(stands);
    const over = all.agreements.filter((one) => !stands(one)).slice(0, OVER_SHOWN);
    return html`<p class="soft">${say("note")}</p>
      <p role="alert" class="door-why">${why ?? nothing}</p>
      ${now.length === 0 ? html`<p>${say("none")}</p>` : html`<ul>${now.map((one) => this.#one(one))}</ul>`}
      ${this.#decides ? this.#forms() : nothing}
      ${all.mayDeclare ? this.#emergencyForm() : nothing}
      ${over.length === 0 ? nothing : html`<h3>${say("over")}</h3><ul>${over.map((one) => this.#one(one))}</ul>`}`;
  }
}
