// The technicians' flows on their view: how they do, the way to the editor, and the versions that were deployed, each of
// which can be brought back. Its answer stands below; what the gate refuses is told line by line. A controller of the view.
import type { FlowsAnswer, FlowsVersion } from "@gridwright/contract/api-flows.ts";
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

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#restored = undefined;
  }

  async look(): Promise<void> {
    this.#report = await ask<FlowsAnswer>("GET", "flows");
    this.#host.requestUpdate();
  }

  async #restore(n: number): Promise<void> {
    this.#busy = true;
    this.#host.requestUpdate();
    this.#restored = await ask<null>("POST", "flows/restore", { n });
    this.#busy = false;
    await this.look();
  }

  #version(version: FlowsVersion, newest: boolean, { tell, context }: Telling): TemplateResult {
    const { n, at, by, message } = version;
    const when = context.clock.when(at, context.plant);
    return html`<li>
      ${tell("flows-version", { n: String(n), when, by, message })}
      ${
        newest
          ? nothing
          : html`<button type="button" ?disabled=${this.#busy} @click=${() => void this.#restore(n)}>${tell("flows-restore")}</button>`
      }
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
      <ol>${versions.slice(0, SHOWN).map((one, place) => this.#version(one, place === 0, telling))}</ol>
      ${this.#answer(tell)}`;
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

interface Telling {
  readonly tell: Tell;
  readonly context: Context;
}
