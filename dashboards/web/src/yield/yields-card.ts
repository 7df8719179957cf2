// The card of the arrays on the community's view: what each gives under a clear sky, what it loses to what, and what to do about
// it. Asked for when the view is opened and each half hour after. A controller of the view.
import type { YieldReport } from "@gridwright/contract/array-yield.ts";
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";
import type { Context } from "../context.ts";
import { ask, type Told } from "../people/asking.ts";
import { tellIn } from "../view/words.ts";
import { type ArrayTexts, arrayTexts } from "./yield-texts.ts";

const EVERY_MS = 1_800_000;

export class YieldsCard implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #report: Told<YieldReport> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    this.#report = await ask<YieldReport>("GET", "yields");
    this.#host.requestUpdate();
  }

  #array({ name, gives, losses }: ArrayTexts, good: string): TemplateResult {
    return html`<h3>${name}</h3>
      <p>${gives}</p>
      ${losses.length === 0 ? html`<p class="soft">${good}</p>` : html`<ul>${losses.map((text) => html`<li>${text}</li>`)}</ul>`}`;
  }

  /** Nothing on a site without arrays. */
  view({ known, language, wording }: Context): TemplateResult | typeof nothing {
    const report = this.#report;
    if (report === undefined || !known.site.assets.some(({ kind }) => kind === "pv")) return nothing;
    const tell = tellIn(language);
    const facts = (): TemplateResult => {
      if (!report.ok) return html`<p role="alert">${tell("yield-failed", { why: report.detail })}</p>`;
      if (!report.data.placed) return html`<p>${tell("yield-nowhere")}</p>`;
      const arrays = arrayTexts(report.data, { tell, wording });
      return html`${arrays.map((array, place) =>
        this.#array(array, report.data.arrays[place]?.level === null ? "" : tell("yield-good")),
      )}`;
    };
    return html`<section class="card yields" aria-labelledby="yields">
      <h2 id="yields">${tell("yields")}</h2>
      ${facts()}
    </section>`;
  }
}
