// The ways on which alarms leave the site, each with a button that tries it: whether it was taken, or what it answered, in words.
// A controller of the view that shows it; a site without channels is told where they are named.
import type { AlertChannels, AlertNotSent } from "@gridwright/contract/api-alerts.ts";
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

type Tried = "waiting" | Told<null, AlertNotSent>;

export class AlertsCard implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #tried = new Map<string, Tried>();
  #channels: Told<AlertChannels> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#tried.clear();
  }

  async look(): Promise<void> {
    this.#channels = await ask<AlertChannels>("GET", "alerts");
    this.#host.requestUpdate();
  }

  async #try(id: string): Promise<void> {
    this.#tried.set(id, "waiting");
    this.#host.requestUpdate();
    this.#tried.set(id, await ask<null, AlertNotSent>("POST", `alerts/${id}/test`));
    this.#host.requestUpdate();
  }

  #answer(id: string, tell: Tell): string {
    const tried = this.#tried.get(id);
    if (tried === undefined) return "";
    if (tried === "waiting") return tell("alerts-waiting");
    if (tried.ok) return tell("alerts-took");
    const { problem, detail } = tried;
    if (problem?.why === undefined) return tell("tech-failed", { why: detail });
    return tell(`alerts-${problem.why}`, { status: String(problem.answered ?? "?") });
  }

  #channel([id, kind]: readonly [string, AlertChannels["channels"][string]], tell: Tell): TemplateResult {
    return html`<li class="channel">
      <span><strong>${id}</strong> (${tell(`alerts-kind-${kind}`)})</span>
      <button class="plain" ?disabled=${this.#tried.get(id) === "waiting"} @click=${() => void this.#try(id)}>
        ${tell("alerts-try")}<span class="for-readers">: ${id}</span>
      </button>
      <span role="status">${this.#answer(id, tell)}</span>
    </li>`;
  }

  view({ language }: Context): TemplateResult | typeof nothing {
    const told = this.#channels;
    if (told === undefined) return nothing;
    const tell = tellIn(language);
    const channels = told.ok ? Object.entries(told.data.channels) : [];
    return html`<section class="card" aria-labelledby="tech-alerts">
      <h2 id="tech-alerts">${tell("alerts")}</h2>
      ${told.ok ? nothing : html`<p role="alert">${tell("tech-failed", { why: told.detail })}</p>`}
      ${
        channels.length === 0
          ? html`<p>${tell("alerts-none")}</p>`
          : html`<p class="soft">${tell("alerts-more")}</p>
            <ul>${channels.map((channel) => this.#channel(channel, tell))}</ul>`
      }
    </section>`;
  }
}
