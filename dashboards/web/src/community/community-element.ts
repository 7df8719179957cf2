// The community's view: how much of its energy is its own, whether what is needed most was kept, how evenly people were
// served, what sun was left unused; below it the plan, the arrays, who got how much, the past, and the story of decisions with filters.
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import { fairnessView } from "../fairness/fairness-view.ts";
import { askMeans, askSums } from "../past/ask-past.ts";
import {
  BUCKET_MS,
  countersOf,
  linesOf,
  meanOf,
  ownShare,
  powersOf,
  rangeOf,
  type Span,
  timesOf,
  totalsOf,
} from "../past/past.ts";
import { pastView } from "../past/past-view.ts";
import { planView } from "../plan/plan-view.ts";
import { energyText, shareText } from "../text/numbers.ts";
import { type Tell, tellIn } from "../view/words.ts";
import { YieldsCard } from "../yield/yields-card.ts";
import { essentialsOf, ownByPower, spareAhead } from "./figures.ts";
import { missedChannels, missedWh } from "./missed.ts";
import { StoryBook } from "./story-book.ts";
import { storyBookView } from "./story-book-view.ts";

const EVERY_MS = 300_000;
/** Days before today that tell what the sun usually gives. */
const DAYS_BEFORE = 7;
const DAY_MS = 86_400_000;

interface Figures {
  readonly day: number | undefined;
  readonly month: number | undefined;
  readonly missed: number | undefined;
}

export class Community extends LitElement {
  static override properties = { context: {}, figures: { state: true } };
  declare context: Context;
  declare figures: Figures | undefined;
  readonly #book = new StoryBook(this);
  readonly #yields = new YieldsCard(this);
  #timer: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  async #own(span: Span): Promise<number | undefined> {
    const { known, plant } = this.context;
    const shifts = zoneShifts(known.site.timezone);
    const now = rangeOf(shifts, span, { at: plant, back: 0 });
    const before = rangeOf(shifts, span, { at: plant, back: 1 });
    const counters = countersOf(known.site);
    const { rows } = await askSums({ span, now, before, counters });
    return ownShare(totalsOf(counters, rows, { now: now.from, before: before.from }));
  }

  /** Of today, where a counter is missing: by the power that was measured. */
  async #ownByPower(): Promise<number | undefined> {
    const { known, plant } = this.context;
    const shifts = zoneShifts(known.site.timezone);
    const day = rangeOf(shifts, "day", { at: plant, back: 0 });
    const powers = powersOf(known.site).filter(({ curve }) => curve !== "sun" && curve !== "charge");
    const channels = powers.flatMap((source) => source.channels);
    const { rows } = await askMeans(channels, { ...day, bucketMs: BUCKET_MS });
    return ownByPower(linesOf(powers, rows, { times: timesOf(shifts, "day", day), value: meanOf }));
  }

  async #missed(): Promise<number | undefined> {
    const { known, plant } = this.context;
    const wanted = missedChannels(known.site);
    if (wanted === undefined) return undefined;
    const { from: today } = rangeOf(zoneShifts(known.site.timezone), "day", { at: plant, back: 0 });
    const channels = [...wanted.sun, ...wanted.charge, ...wanted.grid];
    const range = { from: today - DAYS_BEFORE * DAY_MS, to: Math.ceil(plant), bucketMs: BUCKET_MS };
    const { rows } = await askMeans(channels, range);
    return missedWh(wanted, rows, { today, bucketMs: BUCKET_MS });
  }

  async #look(): Promise<void> {
    if (document.visibilityState !== "visible") return;
    const [day, month, missed] = await Promise.all([this.#own("day"), this.#own("month"), this.#missed()]);
    this.figures = { day: day ?? (await this.#ownByPower()), month, missed };
  }

  #ownView(tell: Tell): TemplateResult {
    const { language } = this.context;
    const { figures } = this;
    if (figures === undefined) return html`<p>${tell("figures-waiting")}</p>`;
    if (figures.day === undefined && figures.month === undefined) return html`<p>${tell("own-unknown")}</p>`;
    const text = (share: number | undefined): string =>
      share === undefined ? "?" : shareText(share, language);
    return html`<p><strong>${text(figures.day)}</strong> ${tell("own-of", { month: text(figures.month) })}</p>
      <p class="soft">${tell("own-more")}</p>`;
  }

  #essentialsView(tell: Tell): TemplateResult {
    const { known, language } = this.context;
    const { on, all, missingWh } = essentialsOf(known);
    const week = (): string => {
      if (missingWh === undefined) return tell("essentials-unknown");
      if (missingWh < 1) return tell("essentials-kept");
      return tell("essentials-missing", { energy: energyText(missingWh, language) });
    };
    return html`<p><strong>${tell("essentials-on", { on: String(on), all: String(all) })}</strong></p>
      <p class="soft">${week()}</p>`;
  }

  #fairView(tell: Tell): TemplateResult {
    const { known, language } = this.context;
    const { worst, jain } = known.state.fairness ?? { worst: null, jain: null };
    if (worst === null || jain === null) return html`<p>${tell("fair-unknown")}</p>`;
    const evenness = jain.toLocaleString(language, { maximumFractionDigits: 2 });
    return html`<p><strong>${shareText(worst, language)}</strong></p>
      <p class="soft">${tell("fair-worst", { worst: shareText(worst, language), jain: evenness })}</p>`;
  }

  #missedView(tell: Tell): TemplateResult {
    const { plan: report, language, plant } = this.context;
    const { figures } = this;
    const ahead = report?.plan && spareAhead(report.plan, plant);
    const today = (): TemplateResult => {
      if (figures === undefined) return html`<p>${tell("figures-waiting")}</p>`;
      if (figures.missed === undefined) return html`<p>${tell("missed-unknown")}</p>`;
      if (figures.missed < 1) return html`<p>${tell("missed-none")}</p>`;
      return html`<p><strong>${tell("missed-today", { energy: energyText(figures.missed, language) })}</strong></p>
        <p class="soft">${tell("missed-more")}</p>`;
    };
    return html`${today()}
      ${ahead === undefined || ahead < 1 ? nothing : html`<p class="soft">${tell("missed-ahead", { energy: energyText(ahead, language) })}</p>`}`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { context } = this;
    if (context === undefined) return nothing;
    const tell = tellIn(context.language);
    const figures = [
      ["own-energy", this.#ownView(tell)],
      ["essentials", this.#essentialsView(tell)],
      ["fair-share", this.#fairView(tell)],
      ["missed", this.#missedView(tell)],
    ] as const;
    return html`<section class="key-figures" aria-label=${tell("community")}>
        ${figures.map(([word, view]) => html`<div class="card figure"><h2>${tell(word)}</h2>${view}</div>`)}
      </section>
      ${planView(context)} ${this.#yields.view(context)} ${fairnessView(context)} ${pastView(context)} ${storyBookView(this.#book, context)}`;
  }
}
