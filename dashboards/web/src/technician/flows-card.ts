// The technicians' flows on their view: how they do, the way to the editor, and the versions that were deployed, each of
// which can be brought back. Its answer stands below; what the gate refuses is told line by line. A controller of the view.
import type { FlowsAnswer, FlowsVersion } from "@gridwright/contract/api-flows.ts";
import type { TrialsAnswer } from "@gridwright/contract/api-trials.ts";
import type { FlowsCompared } from "@gridwright/contract/flows-compare.ts";
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";
import type { Context } from "../context.ts";
import { ask, type Told } from "../people/asking.ts";
import { type Tell, tellIn } from "../view/words.ts";
import { comparedView, type Telling, trialsView } from "./flows-told.ts";

const SHOWN = 5;
const MINUTE_MS = 60_000;

function failedText(
  { version, back, why, at }: NonNullable<FlowsAnswer["failed"]>,
  { tell, context }: Telling,
): string {
  const then = back === null ? tell("flows-then-stopped") : tell("flows-then-back", { n: `${back}` });
  const when = context.clock.when(at, context.plant);
  return tell("flows-failed", { n: `${version}`, when, why: tell(`flows-why-${why}`), then });
}

export class FlowsCard implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #busy = false;
  #report: Told<FlowsAnswer> | undefined;
  #restored: Told<null> | undefined;
  #trials: Told<TrialsAnswer> | undefined;
  #compared: { readonly n: number; readonly told: Told<FlowsCompared> } | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#restored = undefined;
    this.#compared = undefined;
  }

  async look(): Promise<void> {
    [this.#report, this.#trials] = await Promise.all([
      ask<FlowsAnswer>("GET", "flows"),
      ask<TrialsAnswer>("GET", "flows/trials"),
    ]);
    this.#host.requestUpdate();
  }

  async #restore(n: number): Promise<void> {
    this.#busy = true;
    this.#host.requestUpdate();
    this.#restored = await ask<null>("POST", "flows/restore", { n });
    this.#busy = false;
    await this.look();
  }

  /** Shows, or hides again, what version `n` changed against `from`. */
  async #compare(n: number, from: number): Promise<void> {
    const shown = this.#compared?.n === n;
    this.#compared = undefined;
    if (!shown) {
      const told = await ask<FlowsCompared>("GET", `flows/versions/${n}/compare?with=${from}`);
      this.#compared = { n, told };
    }
    this.#host.requestUpdate();
  }

  #comparison(n: number, tell: Tell): TemplateResult | typeof nothing {
    if (this.#compared?.n !== n) return nothing;
    const { told } = this.#compared;
    return told.ok ? comparedView(told.data, tell) : html`<p role="alert">${told.detail}</p>`;
  }

  #version(versions: readonly FlowsVersion[], place: number, { tell, context }: Telling) {
    const version = versions[place];
    if (version === undefined) return nothing;
    const { n, at, by, message } = version;
    const before = versions[place + 1]?.n;
    const newest = place === 0;
    const when = context.clock.when(at, context.plant);
    return html`<li>
      <span class="flows-line">${tell("flows-version", { n: String(n), when, by, message })}</span>
      ${
        before === undefined
          ? nothing
          : html`<button type="button" class="plain" aria-expanded=${this.#compared?.n === n} @click=${() => void this.#compare(n, before)}>${tell("compare-what")}</button>`
      }
      ${
        newest
          ? nothing
          : html`<button type="button" class="plain" ?disabled=${this.#busy} @click=${() => void this.#restore(n)}>${tell("flows-restore")}</button>`
      }
      ${this.#comparison(n, tell)}
    </li>`;
  }

  #answer(tell: Tell): TemplateResult | typeof nothing {
    if (this.#restored === undefined) return nothing;
    if (this.#restored.ok) return html`<p role="status">${tell("flows-restored")}</p>`;
    return html`<p role="alert">${this.#restored.detail.split("\n").map((line) => html`${line}<br />`)}</p>`;
  }

  #watched({ watch, good, failed }: FlowsAnswer, { tell, context }: Telling): TemplateResult {
    const words: string[] = [];
    if (watch !== null) {
      const minutes = `${Math.ceil(watch.leftMs / MINUTE_MS)}`;
      words.push(tell("flows-watched", { n: `${watch.version}`, minutes }));
    }
    if (good !== null) words.push(tell("flows-good", { n: `${good}` }));
    return html`${failed === null ? nothing : html`<p role="alert">${failedText(failed, { tell, context })}</p>`}
      ${words.length === 0 ? nothing : html`<p>${words.join(" ")}</p>`}`;
  }

  #facts(report: FlowsAnswer, telling: Telling): TemplateResult {
    const { state, asked, versions } = report;
    const { tell } = telling;
    if (state === "none") return html`<p>${tell("flows-none")}</p>`;
    const { accepted, clipped, refused } = asked;
    const counts = { accepted: `${accepted}`, clipped: `${clipped}`, refused: `${refused}` };
    return html`<p>${tell(`flows-${state}`)} ${tell("flows-asked", counts)}</p>
      ${this.#watched(report, telling)}
      <p><a href="flows/">${tell("flows-open")}</a></p>
      <ol class="flows-list">${versions.slice(0, SHOWN).map((_one, place) => this.#version(versions, place, telling))}</ol>
      ${this.#answer(tell)}
      ${this.#trials?.ok ? trialsView(this.#trials.data.trials, telling) : nothing}`;
  }

  view(context: Context): TemplateResult | typeof nothing {
    const tell = tellIn(context.language);
    const report = this.#report;
    if (report === undefined) return nothing;
    return html`<section class="card" aria-labelledby="tech-flows">
      <h2 id="tech-flows">${tell("tech-flows")}</h2>
      ${
        report.ok
          ? this.#facts(report.data, { tell, context })
          : html`<p role="alert">${tell("tech-failed", { why: report.detail })}</p>`
      }
    </section>`;
  }
}
