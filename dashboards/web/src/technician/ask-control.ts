// What a technician asks of control from the page: a try of a load, a hold, its end, and that an alarm was seen. Each is a
// request that control weighs; its answer stands beside the form. A controller of the view that shows it.
import type { ApiAlarm } from "@gridwright/contract/api.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";
import type { Context } from "../context.ts";
import { ask, type Told } from "../people/asking.ts";
import { orderIn } from "../text/per-language.ts";
import { sentence } from "../text/sentence.ts";
import { type Tell, tellIn } from "../view/words.ts";

const WAYS = ["on", "off", "hold", "clear"] as const;
type Way = (typeof WAYS)[number];

interface Answered {
  readonly outcome: "accepted" | "clipped" | "refused";
  readonly reason: Reason;
}

const WHY_CHARS_MAX = 200;

function bodyOf(way: Way, asset: string, why: string): object {
  if (way === "hold") return { kind: "hold", asset, why };
  if (way === "clear") return { kind: "clear-hold", asset, why };
  return { kind: "switch", asset, on: way === "on", why };
}

export class AskControl implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #busy = false;
  #told: Told<Answered> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#told = undefined;
  }

  async #ask(body: object): Promise<void> {
    this.#busy = true;
    this.#host.requestUpdate();
    this.#told = await ask<Answered>("POST", "requests", body);
    this.#busy = false;
    this.#host.requestUpdate();
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(given.get(name) ?? "").trim();
    const way = WAYS.find((one) => one === text("way")) ?? "hold";
    void this.#ask(bodyOf(way, text("asset"), text("why")));
  };

  /** A button beside an alarm that nobody has seen yet. */
  seenView({ id, acknowledged }: ApiAlarm, { language }: Context): TemplateResult | typeof nothing {
    if (acknowledged) return nothing;
    const see = () => void this.#ask({ kind: "acknowledge", alarm: id });
    return html`<button class="plain" ?disabled=${this.#busy} @click=${see}>${tellIn(language)("tech-seen")}</button>`;
  }

  #answer(tell: Tell, { wording }: Context): string {
    const told = this.#told;
    if (this.#busy) return tell("tech-ask-waiting");
    if (told === undefined) return "";
    if (!told.ok) return tell("tech-ask-failed", { why: told.detail });
    return tell(`tech-answer-${told.data.outcome}`, { why: sentence(told.data.reason, wording) });
  }

  view(context: Context): TemplateResult {
    const { known, language } = context;
    const tell = tellIn(language);
    const order = orderIn(language);
    const loads = known.site.assets
      .filter(({ tier, switched }) => tier !== undefined && switched)
      .toSorted((a, b) => order(a.name, b.name));
    return html`<section class="card" aria-labelledby="tech-ask">
      <h2 id="tech-ask">${tell("tech-ask")}</h2>
      <p class="soft">${tell("tech-ask-more")}</p>
      <form class="tech-ask" @submit=${this.#submit}>
        <label>${tell("tech-ask-load")}
          <select name="asset">${loads.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}</select></label>
        <label>${tell("tech-ask-what")}
          <select name="way">${WAYS.map((way) => html`<option value=${way}>${tell(`tech-ask-${way}`)}</option>`)}</select></label>
        <label>${tell("tech-ask-why")} <input name="why" required maxlength=${WHY_CHARS_MAX} /></label>
        <button class="do" ?disabled=${this.#busy}>${tell("tech-ask-do")}</button>
        <p role="status">${this.#answer(tell, context)}</p>
      </form>
    </section>`;
  }
}
