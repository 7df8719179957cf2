// A home's energy account of a month, to read and to print: used, from the community's own sun, given, to pay, and how sure the
// figures are; who looks after the site also sees all homes and what the feeders' meters do not agree on.
import type { LedgerAnswer, Statement as OfMonth } from "@gridwright/contract/api-ledger.ts";
import { monthOfYear } from "@gridwright/contract/date-locale.ts";
import {
  countedWord,
  offTexts,
  type StatementWord,
  statementWord,
} from "@gridwright/contract/ledger-words.ts";
import { numberText } from "@gridwright/contract/number-text.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import { yearWord } from "@gridwright/contract/year-words.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import { ask, type Told } from "../people/asking.ts";
import { energyText, shareText } from "../text/numbers.ts";
import { sayOfAccount } from "./account-words.ts";
import { ReadingCard } from "./reading-card.ts";
import { writtenView } from "./written-view.ts";

type Tell = (word: StatementWord, params?: Readonly<Record<string, string>>) => string;
const AT = "api/v1/ledger";
/** Lines of what was switched off. */
const OFFS_MOST = 12;

export class Statement extends LitElement {
  static override properties = { context: {}, told: { state: true } };
  declare context: Context;
  declare told: Told<LedgerAnswer> | undefined;
  #asked = false;
  readonly #reading = new ReadingCard(this, () => void this.#load());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Who looks may be known a moment later than the view is there. */
  protected override updated(): void {
    if (!this.#asked && this.context.me !== undefined) void this.#load();
  }

  async #load(month?: string): Promise<void> {
    this.#asked = true;
    this.told = await ask<LedgerAnswer>("GET", month === undefined ? "ledger" : `ledger?month=${month}`);
  }

  #money(amount: number, currency: string | null): string {
    const format = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;
    return `${new Intl.NumberFormat(this.context.language, format).format(amount)} ${currency ?? ""}`;
  }

  #line(label: string, value: string, isPart = false): TemplateResult {
    return html`<tr class=${isPart ? "statement-part" : ""}><th scope="row">${label}</th><td>${value}</td></tr>`;
  }

  #figures(
    { localWh, boughtWh, givenWh, jobsWh, due, allowance }: OfMonth,
    currency: string | null,
    tell: Tell,
  ): TemplateResult {
    const wh = (value: number): string => energyText(value, this.context.language);
    return html`<table>
      <tbody>
        ${this.#line(tell("used"), wh(localWh + boughtWh))} ${this.#line(tell("local"), wh(localWh), true)}
        ${this.#line(tell("bought"), wh(boughtWh), true)}
        ${givenWh > 0 ? this.#line(tell("given"), wh(givenWh)) : nothing}
        ${jobsWh > 0 ? this.#line(tell("jobs"), wh(jobsWh)) : nothing}
        ${
          allowance === null
            ? nothing
            : html`${this.#line(tell("granted", { days: String(allowance.days) }), wh(allowance.grantedWh))}
              ${this.#line(tell("counted"), wh(allowance.countedWh), true)}`
        }
        ${due === null ? nothing : this.#line(tell(due < 0 ? "due-back" : "due"), this.#money(Math.abs(due), currency))}
      </tbody>
    </table>`;
  }

  /** What was switched off at this home, and since when that is kept where it is not all of the month. */
  #offs(statement: OfMonth, tell: Tell): TemplateResult | typeof nothing {
    const { offsSince, month } = statement;
    if (offsSince === null) return nothing;
    const { language, wording, clock, plant } = this.context;
    const lines = offTexts(statement, { language, names: wording.names, most: OFFS_MOST });
    const isPart = new Date(offsSince).toISOString().slice(0, 7) >= month;
    return html`<h3>${tell("offs")}</h3>
      <ul class="statement-offs">${lines.map((line) => html`<li>${line}</li>`)}</ul>
      ${isPart ? html`<p class="soft">${tell("offs-since", { when: clock.when(offsSince, plant) })}</p>` : nothing}`;
  }

  /** Its meter as it was last read by hand, with the photo where one is kept. */
  #handRead({ handRead }: OfMonth, tell: Tell): TemplateResult | typeof nothing {
    if (handRead === null) return nothing;
    const { language, clock, plant } = this.context;
    const { at, wh, photo } = handRead;
    const reading = numberText(wh / 1_000, { least: 0, most: 1 }, language);
    return html`<p class="soft">${tell("hand-read", { when: clock.when(at, plant), reading })}
      ${photo === null ? nothing : html`· <a href=${`${AT}/photos/${photo}`} target="_blank">${tell("photo")}</a>`}</p>`;
  }

  /** Of what was used, the part from the community's own energy: a bar, and what it means. */
  #share({ localWh, boughtWh }: OfMonth, tell: Tell): TemplateResult | typeof nothing {
    const used = localWh + boughtWh;
    if (used === 0) return nothing;
    const share = shareText(localWh / used, this.context.language);
    return html`<div class="statement-share">
      <meter min="0" max="1" .value=${localWh / used} aria-hidden="true"></meter>
      <p>${tell("share", { share })}</p>
    </div>`;
  }

  #notes({ gaps, corrected, jobsWh, allowance }: OfMonth, tell: Tell): TemplateResult {
    const exceeded = allowance?.exceeded ?? 0;
    return html`<ul class="statement-notes">
      <li>${gaps > 0 ? tell(countedWord("gaps", gaps), { count: String(gaps) }) : tell("whole")}</li>
      ${corrected > 0 ? html`<li>${tell(countedWord("corrected", corrected), { count: String(corrected) })}</li>` : nothing}
      ${jobsWh > 0 ? html`<li>${tell("jobs")}: ${tell("jobs-note")}.</li>` : nothing}
      ${exceeded > 0 ? html`<li>${tell(countedWord("exceeded", exceeded), { count: String(exceeded) })}</li>` : nothing}
      <li class="soft">${tell("check")}</li>
    </ul>`;
  }

  #month({ month, months }: LedgerAnswer, tell: Tell): TemplateResult {
    const chosen = (event: Event): void => void this.#load((event.target as HTMLSelectElement).value);
    const { language } = this.context;
    return html`<label class="no-print">${tell("month")}
      <select @change=${chosen}>${months.map((one) => html`<option value=${one} ?selected=${one === month}>${monthOfYear(one, language)}</option>`)}</select>
    </label>`;
  }

  #own(answer: LedgerAnswer, tell: Tell): TemplateResult {
    const { context } = this;
    const own = answer.members.find(({ member }) => member === context.me?.person?.member);
    if (own === undefined) return html`<p class="card">${tell("none")}</p>`;
    const until =
      answer.settledTo === null
        ? ""
        : tell("until", { when: context.clock.when(answer.settledTo, context.plant) });
    const pdf = `${AT}/members/${own.member}/statement.pdf?month=${own.month}&language=${context.language}`;
    return html`<section class="card sheet statement" aria-labelledby="statement">
      <div class="section-head">
        <h2 id="statement">${tell("statement", { name: own.name })}</h2>
        <button class="plain no-print" @click=${() => window.print()}>${tell("print")}</button>
      </div>
      <p class="soft">${context.known.site.name} · ${monthOfYear(own.month, context.language)} · ${until}</p>
      ${this.#figures(own, answer.currency, tell)} ${this.#share(own, tell)} ${this.#offs(own, tell)} ${this.#notes(own, tell)} ${this.#handRead(own, tell)}
      <p class="no-print">${this.#month(answer, tell)} <a href=${pdf} download>${tell("pdf")}</a> ·
        <a href="#year">${yearWord(context.language, "link")}</a></p>
    </section>`;
  }

  #feeder(
    { feeder, missingWh, throughWh, verdict }: LedgerAnswer["feeders"][number],
    tell: Tell,
  ): TemplateResult {
    const { language, wording } = this.context;
    const missing = energyText(Math.abs(missingWh), language);
    const through = energyText(throughWh, language);
    return html`<li>${tell(verdict, { feeder: wording.names[feeder] ?? feeder, missing, through })}</li>`;
  }

  #all(answer: LedgerAnswer, tell: Tell): TemplateResult | typeof nothing {
    const person = this.context.me?.person;
    if (person == null || !mayAs(person.role, "technician")) return nothing;
    const { month, feeders, damage, trouble } = answer;
    return html`<section class="card no-print" aria-labelledby="feeders">
      <h2 id="feeders">${tell("feeders")}</h2>
      ${damage === null ? nothing : html`<p role="alert">${tell("damage", { why: damage })}</p>`}
      ${trouble === null ? nothing : html`<p role="alert">${tell("trouble", { why: trouble })}</p>`}
      <ul>${feeders.map((feeder) => this.#feeder(feeder, tell))}</ul>
      <p>
        <a href=${`${AT}/month.csv?month=${month}`} download>${tell("csv")}</a> ·
        <a href=${`${AT}/quarters.csv?month=${month}`} download>${tell("quarters")}</a> ·
        <a href=${`${AT}/offs.csv?month=${month}`} download>${tell("offs-csv")}</a>
      </p>
    </section>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { context, told } = this;
    if (context === undefined) return nothing;
    const tell: Tell = (word, params) => statementWord(context.language, word, params);
    if (told === undefined) return html`<p class="card" role="status">…</p>`;
    if (!told.ok) return html`<p class="card" role="alert">${told.detail}</p>`;
    if (told.data.month === null) return html`<p class="card">${tell("nothing-yet")}</p>`;
    return html`${this.#own(told.data, tell)} ${this.#all(told.data, tell)}
    ${writtenView(told.data.notes, sayOfAccount(context.language)("written"), context)} ${this.#reading.view(told.data.meters, context)}`;
  }
}
