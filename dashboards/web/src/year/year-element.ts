// The community's year, to read and to print: a row a month of what was produced, used, bought, sold and lost, and the own share.
// Everybody sees the same; no single home stands in it.
import type { YearAnswer, YearEnergy } from "@gridwright/contract/api-year.ts";
import {
  monthText,
  ownShare,
  YEAR_COLUMNS,
  type YearWord,
  yearCells,
  yearSentences,
  yearWord,
} from "@gridwright/contract/year-words.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import { ask, type Told } from "../people/asking.ts";

const AT = "api/v1/ledger/year";

export class Year extends LitElement {
  static override properties = { context: {}, told: { state: true } };
  declare context: Context;
  declare told: Told<YearAnswer> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(year?: string): Promise<void> {
    this.told = await ask<YearAnswer>("GET", year === undefined ? "ledger/year" : `ledger/year?year=${year}`);
  }

  get #tell() {
    return (word: YearWord, params?: Readonly<Record<string, string>>): string =>
      yearWord(this.context.language, word, params);
  }

  #row(label: string, energy: YearEnergy, total: YearEnergy): TemplateResult {
    const cells = yearCells(energy, total, this.context.language);
    const bar = html`<meter min="0" max="1" .value=${ownShare(energy)} aria-hidden="true"></meter>`;
    return html`<tr>
      <th scope="row">${label}</th>
      ${cells.map((cell, place) => html`<td data-of=${this.#tell(YEAR_COLUMNS[place] ?? "own")}>${cell}</td>`)}
      <td class="year-bar">${bar}</td>
    </tr>`;
  }

  #table({ months, total }: YearAnswer): TemplateResult {
    const tell = this.#tell;
    return html`<table class="year">
      <thead><tr>
        <th scope="col">${tell("month")}</th>
        ${YEAR_COLUMNS.map((column) => html`<th scope="col">${tell(column)}</th>`)}
        <td class="year-bar"></td>
      </tr></thead>
      <tbody>${months.map((energy) => this.#row(monthText(energy.month, this.context.language), energy, total))}</tbody>
      <tfoot>${this.#row(tell("all"), total, total)}</tfoot>
    </table>`;
  }

  #choice({ year, years }: YearAnswer): TemplateResult {
    const chosen = (event: Event): void => void this.#load((event.target as HTMLSelectElement).value);
    const tell = this.#tell;
    const { language } = this.context;
    return html`<p class="no-print">
      <label>${tell("choose")}
        <select @change=${chosen}>${years.map((one) => html`<option ?selected=${one === year}>${one}</option>`)}</select>
      </label>
      <a href=${`${AT}.pdf?year=${year}&language=${language}`} download>${tell("pdf")}</a> ·
      <a href=${`${AT}.csv?year=${year}`} download>${tell("csv")}</a>
    </p>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { context, told } = this;
    if (context === undefined) return nothing;
    const tell = this.#tell;
    if (told === undefined) return html`<p class="card" role="status">…</p>`;
    if (!told.ok)
      return html`<p class="card" role="alert">${told.status === 403 ? tell("few") : told.detail}</p>`;
    const { year, settledTo } = told.data;
    if (year === null || settledTo === null) return html`<p class="card">${tell("nothing-yet")}</p>`;
    const until = tell("until", { when: context.clock.when(settledTo, context.plant) });
    return html`<section class="card sheet" aria-labelledby="year">
      <div class="section-head">
        <h2 id="year">${tell("year", { year })}</h2>
        <button class="plain no-print" @click=${() => window.print()}>${tell("print")}</button>
      </div>
      <p class="soft">${context.known.site.name} · ${until} · kWh</p>
      ${this.#table(told.data)}
      ${yearSentences(told.data, context.language).map((sentence) => html`<p>${sentence}</p>`)}
      ${this.#choice(told.data)}
    </section>`;
  }
}
