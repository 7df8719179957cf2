// A home's week on one page, to print and hang up: what it used, how it was served, what was taken from it and why, and when
// there should be plenty. It asks history and journal once; nothing of another home is on it.
import type { ApiDecision } from "@gridwright/contract/api.ts";
import type { PastDecisions } from "@gridwright/contract/api-past.ts";
import { dateLocale } from "@gridwright/contract/date-locale.ts";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import { homeOf } from "../home/home.ts";
import type { LoadView } from "../loads/loads.ts";
import { ask } from "../people/asking.ts";
import { windowsText } from "../plan/plan.ts";
import { energyText, powerText, shareText } from "../text/numbers.ts";
import { causeText, sentence } from "../text/sentence.ts";
import { type Tell, tellIn } from "../view/words.ts";
import {
  CAUSES_MAX,
  type Cause,
  causesOf,
  counterOf,
  type DayEnergy,
  daysOf,
  standingOf,
  weekBefore,
} from "./sheet.ts";

const DECISIONS_MAX = 200;

interface Asked {
  /** undefined: the home has no counter. */
  readonly days: readonly DayEnergy[] | undefined;
  readonly taken: readonly ApiDecision[];
  readonly why: string | undefined;
}

export class Sheet extends LitElement {
  static override properties = { context: {}, asked: { state: true } };
  declare context: Context;
  declare asked: Asked | undefined;
  #loading = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Who looks may be known a moment later than the view is there. */
  protected override updated(): void {
    if (!this.#loading && this.#member !== undefined) void this.#load(this.#member);
  }

  get #member(): string | undefined {
    return this.context.me?.person?.member;
  }

  async #load(member: string): Promise<void> {
    this.#loading = true;
    const { known, plant } = this.context;
    const week = weekBefore(plant);
    const channel = counterOf(known.site, member);
    const range = { from: String(week.from), to: String(week.to) };
    const days = new URLSearchParams({ channel: channel ?? "", ...range, unit: "day" });
    const taken = new URLSearchParams({
      ...{ member, act: "taken", from: range.from, limit: String(DECISIONS_MAX) },
    });
    const [energy, story] = await Promise.all([
      channel === undefined
        ? undefined
        : ask<{ readonly rows: readonly HistoryRow[] }>("GET", `history/periods?${days}`),
      ask<PastDecisions>("GET", `history/decisions?${taken}`),
    ]);
    const told = [energy, story].flatMap((one) => (one === undefined || one.ok ? [] : [one.detail]));
    this.asked = {
      days: energy === undefined ? undefined : energy.ok ? daysOf(energy.data.rows) : [],
      taken: story.ok ? story.data.decisions : [],
      why: told[0],
    };
  }

  #day(day: DayEnergy, most: number, tell: Tell): TemplateResult {
    const { language, known } = this.context;
    const format = { weekday: "long", day: "numeric", timeZone: known.site.timezone } as const;
    const name = new Intl.DateTimeFormat(dateLocale(language), format).format(day.at);
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${energyText(day.wh, language)}${day.whole ? nothing : html` <small>${tell("sheet-part")}</small>`}</td>
      <td class="sheet-bar"><meter min="0" max=${most} .value=${day.wh} aria-hidden="true"></meter></td>
    </tr>`;
  }

  #used(tell: Tell): TemplateResult {
    const { language } = this.context;
    const days = this.asked?.days;
    if (days === undefined) return html`<p>${tell("sheet-not-counted")}</p>`;
    const most = Math.max(1, ...days.map(({ wh }) => wh));
    const all = days.reduce((sum, { wh }) => sum + wh, 0);
    return html`<table>
      <thead><tr><th scope="col">${tell("sheet-day")}</th><th scope="col">${tell("sheet-energy")}</th><td></td></tr></thead>
      <tbody>${days.map((day) => this.#day(day, most, tell))}</tbody>
      <tfoot><tr><th scope="row">${tell("sheet-all")}</th><td>${energyText(all, language)}</td><td></td></tr></tfoot>
    </table>`;
  }

  #served(member: string, tell: Tell): TemplateResult | typeof nothing {
    const { known, language } = this.context;
    const own = known.state.fairness?.members[member];
    if (own === undefined) return nothing;
    const { servedRatio, allowanceWh, powerLimitVa } = own;
    return html`<p>
      ${servedRatio === null ? nothing : tell("sheet-served", { share: shareText(servedRatio, language) })}
      ${allowanceWh === null ? nothing : tell("sheet-allowance", { energy: energyText(allowanceWh, language) })}
      ${powerLimitVa === null ? nothing : tell("sheet-limit", { power: powerText(powerLimitVa, language) })}
    </p>`;
  }

  #cause({ newest, count }: Cause, tell: Tell): TemplateResult {
    const { wording, clock, plant } = this.context;
    const name = wording.names[newest.asset] ?? newest.asset;
    const cause = causeText(newest.reason, [newest.asset], wording);
    const times = count === 1 ? tell("sheet-off-once") : tell("sheet-off-times", { count: String(count) });
    return html`<li><strong>${name}</strong>, ${times} (${tell("sheet-last", { when: clock.when(newest.at, plant) })}): ${cause}.</li>`;
  }

  #stands({ asset, status }: LoadView, tell: Tell): TemplateResult | typeof nothing {
    if (status === undefined) return nothing;
    const { wording, clock, plant } = this.context;
    const name = wording.names[asset.id] ?? asset.id;
    const cause = causeText(status.reason, [asset.id], wording);
    const until = sentence(status.until, wording);
    const words = { when: clock.when(status.since, plant), cause, until };
    return html`<li><strong>${name}</strong>, ${tell("sheet-stands", words)}</li>`;
  }

  #taken(member: string, tell: Tell): TemplateResult {
    const taken = this.asked?.taken ?? [];
    const causes = causesOf(taken);
    const stand = standingOf(homeOf(this.context.known, member)?.loads ?? [], taken);
    if (causes.length + stand.length === 0) return html`<p>${tell("sheet-off-none")}</p>`;
    const left = causes.length - CAUSES_MAX;
    return html`<ul class="sheet-causes">
      ${stand.map((load) => this.#stands(load, tell))}
      ${causes.slice(0, CAUSES_MAX).map((cause) => this.#cause(cause, tell))}
      ${left > 0 ? html`<li>${tell("sheet-off-more", { count: String(left) })}</li>` : nothing}
    </ul>`;
  }

  #ahead(tell: Tell): TemplateResult | typeof nothing {
    const { plan: report, say, language, clock, plant: now } = this.context;
    if (report?.plan === undefined) return nothing;
    return html`<h3>${tell("sheet-ahead")}</h3><p>${windowsText(report.plan, { say, language, clock, now })}</p>`;
  }

  #dates(tell: Tell): string {
    const { known, language, plant } = this.context;
    const format = { day: "numeric", month: "long", year: "numeric", timeZone: known.site.timezone } as const;
    const { from, to } = weekBefore(plant);
    const text = (at: number): string => new Intl.DateTimeFormat(dateLocale(language), format).format(at);
    return tell("sheet-span", { from: text(from), to: text(to) });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { context } = this;
    if (context === undefined) return nothing;
    const tell = tellIn(context.language);
    const member = this.#member;
    if (member === undefined) return html`<p class="card">${tell("sheet-none")}</p>`;
    if (this.asked === undefined) return html`<p class="card" role="status">${tell("figures-waiting")}</p>`;
    const name = context.known.site.members[member]?.name ?? member;
    const { why } = this.asked;
    return html`<section class="card sheet" aria-labelledby="sheet">
      <div class="section-head">
        <h2 id="sheet">${tell("sheet", { name })}</h2>
        <button class="plain no-print" @click=${() => window.print()}>${tell("sheet-print")}</button>
      </div>
      <p class="soft">${context.known.site.name} · ${this.#dates(tell)}</p>
      ${why === undefined ? nothing : html`<p role="alert">${tell("tech-failed", { why })}</p>`}
      <h3>${tell("sheet-used")}</h3>
      ${this.#used(tell)} ${this.#served(member, tell)}
      <h3>${tell("sheet-off")}</h3>
      ${this.#taken(member, tell)} ${this.#ahead(tell)}
      <p class="soft">${tell("sheet-question")}</p>
      <p class="soft">${tell("sheet-made", { when: context.clock.when(context.wall, context.plant) })}</p>
    </section>`;
  }
}
