// Curves and sums of a local day, month or year, with the period before to compare; loaded when the card is opened.
// It asks the local history anew for each period and keeps nothing.
import type { ApiSite } from "@gridwright/contract/api.ts";
import { dateLocale } from "@gridwright/contract/date-locale.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { energyText, powerText, shareText } from "../text/numbers.ts";
import type { Say } from "../words/words.ts";
import { askPast } from "./ask-past.ts";
import {
  countersOf,
  energyOf,
  type Line,
  linesOf,
  meanOf,
  ownShare,
  powersOf,
  type Range,
  rangeOf,
  SPANS,
  type Span,
  type Total,
  timesOf,
  totalsOf,
} from "./past.ts";
import { type Drawn, drawPast } from "./past-chart.ts";

const DATES: Readonly<Record<Span, Intl.DateTimeFormatOptions>> = {
  day: { weekday: "short", day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
  year: { year: "numeric" },
};
const TICKS: Readonly<Record<Span, Intl.DateTimeFormatOptions>> = {
  day: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  month: { day: "numeric", month: "short" },
  year: { month: "short" },
};

interface Shown {
  readonly span: Span;
  readonly range: Range;
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly totals: readonly Total[];
  readonly why: string | undefined;
}

export class Past extends LitElement {
  static override properties = {
    ...{ site: {}, say: {}, language: {}, now: {} },
    ...{ span: { state: true }, back: { state: true }, shown: { state: true } },
  };
  declare site: ApiSite;
  declare say: Say;
  declare language: Language;
  declare now: number;
  declare span: Span;
  declare back: number;
  declare shown: Shown | undefined;
  #drawn: Drawn | undefined;
  #asked = 0;

  constructor() {
    super();
    this.span = "day";
    this.back = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#drawn?.destroy();
    this.#drawn = undefined;
  }

  async #load(): Promise<void> {
    const { site, span, back, now: at } = this;
    const shifts = zoneShifts(site.timezone);
    const now = rangeOf(shifts, span, { at, back });
    const before = rangeOf(shifts, span, { at, back: back + 1 });
    const [powers, counters] = [powersOf(site), countersOf(site)];
    this.#asked += 1;
    const turn = this.#asked;
    const course = await askPast({ span, now, before, powers, counters });
    if (turn !== this.#asked) return;
    const times = timesOf(shifts, span, now);
    const isDay = span === "day";
    this.shown = {
      ...{ span, range: now, times, why: course.why },
      lines: linesOf(isDay ? powers : counters, course.rows, { times, value: isDay ? meanOf : energyOf }),
      totals: totalsOf(counters, course.sums, { now: now.from, before: before.from }),
    };
  }

  #go(change: { readonly span?: Span; readonly back?: number }): void {
    this.span = change.span ?? this.span;
    this.back = change.back ?? 0;
    void this.#load();
  }

  #format(options: Intl.DateTimeFormatOptions): (at: number) => string {
    const format = new Intl.DateTimeFormat(dateLocale(this.language), {
      ...options,
      timeZone: this.site.timezone,
    });
    return (at) => format.format(at);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("shown") && !changed.has("language")) return;
    const place = this.querySelector<HTMLElement>(".past-chart");
    if (place === null || this.shown === undefined) return;
    const { span, times, lines } = this.shown;
    this.#drawn?.destroy();
    this.#drawn = drawPast(place, {
      times,
      lines,
      bars: span !== "day",
      name: (curve) => this.say(`past-${curve}`),
      tick: this.#format(TICKS[span]),
      when: this.say("past-when"),
      language: this.language,
    });
  }

  #choices(): TemplateResult {
    const { say, span, back } = this;
    return html`<div class="past-choices">
      <div class="languages" role="group" aria-label=${say("past-span")}>
        ${SPANS.map(
          (one) =>
            html`<button aria-pressed=${one === span} @click=${() => this.#go({ span: one })}>${say(`past-${one}`)}</button>`,
        )}
      </div>
      <div class="past-steps">
      <button class="plain" @click=${() => this.#go({ back: back + 1 })}>‹ ${say("past-earlier")}</button>
      <button class="plain" ?disabled=${back === 0} @click=${() => this.#go({ back: back - 1 })}>${say("past-later")} ›</button>
      </div>
    </div>`;
  }

  #total({ curve, wh, beforeWh, whole }: Total): TemplateResult {
    const { say, language } = this;
    const text = (value: number | null): string => (value === null ? "—" : energyText(value, language));
    return html`<div>
      <dt class="past-${curve}">${say(`past-${curve}`)}</dt>
      <dd>
        ${text(wh)}
        <small>${say("past-before", { energy: text(beforeWh) })}${whole ? nothing : ` · ${say("past-part")}`}</small>
      </dd>
    </div>`;
  }

  #table({ span, times, lines }: Shown): TemplateResult {
    const { say, language } = this;
    const tick = this.#format(TICKS[span]);
    const text = (curve: Line["curve"], value: number | null | undefined): string => {
      if (value === null || value === undefined) return "—";
      if (curve === "charge") return shareText(value, language);
      const sign = value < 0 ? "−" : "";
      return span === "day" ? sign + powerText(value, language) : energyText(value, language);
    };
    return html`<details>
      <summary>${say("past-table")}</summary>
      <div class="table">
        <table>
          <thead><tr><th scope="col">${say("past-when")}</th>${lines.map(({ curve }) => html`<th scope="col">${say(`past-${curve}`)}</th>`)}</tr></thead>
          <tbody>
            ${times.map(
              (at, place) => html`<tr>
                <th scope="row">${tick(at)}</th>
                ${lines.map(({ curve, values }) => html`<td>${text(curve, values[place])}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  protected override render(): TemplateResult {
    const { say, language, shown } = this;
    if (shown === undefined) return html`${this.#choices()}<p role="status">${say("past-waiting")}</p>`;
    const own = ownShare(shown.totals);
    const empty = shown.lines.every(({ values }) => values.every((value) => value === null));
    return html`${this.#choices()}
      <h3>${this.#format(DATES[shown.span])(shown.range.from)}</h3>
      ${shown.why === undefined ? nothing : html`<p role="alert">${say("past-why", { why: shown.why })}</p>`}
      ${empty ? html`<p>${say("past-empty")}</p>` : nothing}
      <div class="past-chart" role="img" aria-label=${say("past-chart")} ?hidden=${empty}></div>
      <dl class="past-totals">
        ${shown.totals.map((total) => this.#total(total))}
        ${own === undefined ? nothing : html`<div><dt>${say("past-own")}</dt><dd>${shareText(own, language)}</dd></div>`}
      </dl>
      ${empty ? nothing : this.#table(shown)}`;
  }
}
