// Contested decisions: everybody reads what was seen, decided and why, and the ruling; an admin rules. Loaded when it is
// opened; what it shows it asks anew.
import type { ApiDecision } from "@gridwright/contract/api.ts";
import { type ContestAnswer, type ContestsAnswer, OUTCOMES } from "@gridwright/contract/contest.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Scene } from "@gridwright/contract/explain/scene.ts";
import { quantityText } from "@gridwright/contract/render.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ask } from "../people/asking.ts";
import type { PeoplePart } from "../people/closed-cards.ts";
import { ageText } from "../text/numbers.ts";
import { capital, sentence } from "../text/sentence.ts";
import { type SayOfContests, sayOfContests } from "./contests-words.ts";

const EVERY_MS = 10_000;

export interface ContestsPart extends PeoplePart {
  readonly wording: Scene;
}

export class Contests extends LitElement {
  static override properties = { given: {}, all: { state: true }, why: { state: true } };
  declare given: ContestsPart;
  declare all: ContestsAnswer | undefined;
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

  get #say(): SayOfContests {
    return sayOfContests(this.given.language);
  }

  async #load(): Promise<void> {
    if (document.visibilityState !== "visible") return;
    const told = await ask<ContestsAnswer>("GET", "contests");
    if (told.ok) this.all = told.data;
  }

  #ruler(id: string): (event: SubmitEvent) => Promise<void> {
    return async (event) => {
      event.preventDefault();
      const given = new FormData(event.target as HTMLFormElement);
      const [outcome, why, correction] = ["outcome", "why", "correction"].map((name) =>
        String(given.get(name)),
      );
      const body = { outcome, why, ...(correction !== "" && { correction }) };
      const told = await ask<ContestAnswer>("POST", `contests/${id}/ruling`, body);
      this.why = told.ok ? undefined : this.#say("refused", { why: told.detail });
      await this.#load();
    };
  }

  #said = (reason: Reason): string => capital(sentence(reason, this.given.wording));
  #name = (asset: string): string => this.given.wording.names[asset] ?? asset;
  #when = (at: number): string => this.given.clock.when(at, this.all?.now ?? at);

  #input({ point, value, unit, ageMs, quality }: ApiDecision["inputs"][number]): string {
    const { language } = this.given;
    const age = ageText(ageMs, language);
    const [asset = "", ...rest] = point.split("/");
    const named = [this.#name(asset), ...rest].join(" ");
    if (typeof value !== "number")
      return this.#say("value-not", { point: named, quality: String(value ?? quality), age });
    return this.#say("value", { point: named, value: quantityText(value, unit, language), age });
  }

  #list(title: string, lines: readonly string[]): TemplateResult | typeof nothing {
    return lines.length === 0
      ? nothing
      : html`<h4>${title}</h4><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
  }

  #evidence({ decision, together, after, agreed }: ContestAnswer["evidence"]): TemplateResult {
    const say = this.#say;
    const act = ({ asset, reason, set }: Pick<ApiDecision, "asset" | "reason" | "set">): string =>
      `${this.#name(asset)}${set.kind === "switch" ? (set.on ? " ↑" : " ↓") : ""}: ${this.#said(reason)}`;
    return html`<details class="evidence">
      <summary>${say("evidence")}</summary>
      ${this.#list(
        say("seen"),
        decision.inputs.map((input) => this.#input(input)),
      )}
      ${this.#list(
        say("considered"),
        decision.considered.map(({ reason }) => this.#said(reason)),
      )}
      ${this.#list(
        say("passed-over"),
        (decision.skipped ?? []).map(({ asset, reason }) => `${this.#name(asset)}: ${this.#said(reason)}`),
      )}
      ${this.#list(say("together"), together.map(act))}
      ${this.#list(
        say("after"),
        after.map(({ t, event, detail = "" }) =>
          `${this.#when(t)} ${say(`event-${event}`)} ${detail}`.trim(),
        ),
      )}
      ${this.#list(say("stood"), agreed.map(this.#said))}
    </details>`;
  }

  #form({ id }: ContestAnswer): TemplateResult {
    const say = this.#say;
    return html`<form class="line" @submit=${this.#ruler(id)}>
      <label>${say("rule-outcome")}<select name="outcome">${OUTCOMES.map((one) => html`<option value=${one}>${say(one)}</option>`)}</select></label>
      <label>${say("rule-why")}<input name="why" maxlength="500" required /></label>
      <label>${say("rule-correction")}<input name="correction" maxlength="500" /></label>
      <button class="do">${say("rule-do")}</button>
    </form>`;
  }

  #ruling({ ruling }: ContestAnswer): TemplateResult | typeof nothing {
    if (ruling === undefined) return nothing;
    const { by: name, at, why, correction } = ruling;
    const say = this.#say;
    return html`<p>${say("ruled", { name, why, when: this.#when(at) })}</p>
      ${correction === undefined ? nothing : html`<p><strong>${say("corrected", { correction })}</strong></p>`}`;
  }

  #one(one: ContestAnswer): TemplateResult {
    const say = this.#say;
    const { evidence, by: name, why, ruling, mayRule } = one;
    const { asset, reason, at } = evidence.decision;
    return html`<li class="contest">
      <p><strong>${this.#name(asset)}</strong> <time>${this.#when(at)}</time> <span class="shop-word">${say(ruling?.outcome ?? "open")}</span></p>
      <p>${this.#said(reason)}.</p>
      <p>${say("said", { name, why })}</p>
      ${this.#ruling(one)} ${this.#evidence(evidence)} ${mayRule ? this.#form(one) : nothing}
    </li>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { all, why } = this;
    if (all === undefined) return nothing;
    const say = this.#say;
    return html`<p class="soft">${say("note")}</p>
      <p role="alert" class="door-why">${why ?? nothing}</p>
      ${all.contests.length === 0 ? html`<p>${say("none")}</p>` : html`<ul>${all.contests.map((one) => this.#one(one))}</ul>`}`;
  }
}
