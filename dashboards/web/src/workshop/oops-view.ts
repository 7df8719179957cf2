// The «Oops» button of a machine: a member says what is wrong, and the machine gets no start until who may says that it is
// safe again.
import { html, nothing, type TemplateResult } from "lit";
import type { SayOfShop } from "./shop-words.ts";

/** A machine that somebody holds. */
export interface HeldMachine {
  readonly why: string;
  /** Control holds it; false: it still runs. */
  readonly taken: boolean;
  readonly mayRelease: boolean;
}

export interface OopsPart {
  readonly machine: string;
  readonly name: string;
  readonly held: HeldMachine | undefined;
  /** The reader is a member. */
  readonly may: boolean;
  readonly say: SayOfShop;
  readonly act: (method: string, path: string, body?: object) => Promise<void>;
}

function pressed(event: SubmitEvent, { machine, act }: OopsPart): void {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const why = String(new FormData(form).get("why") ?? "").trim();
  void act("POST", `machines/${machine}/oops`, { why }).then(() => form.reset());
}

export function oopsView(part: OopsPart): TemplateResult | typeof nothing {
  const { held, machine, name, may, say, act } = part;
  if (held !== undefined)
    return html`<p class="shop-held">
      ${say(held.taken ? "oops-held" : "oops-waits", { why: held.why })}
      ${held.mayRelease ? html`<button class="plain" @click=${() => act("DELETE", `machines/${machine}/oops`)}>${say("oops-release")}<span class="for-readers">: ${name}</span></button>` : nothing}
    </p>`;
  if (!may) return nothing;
  return html`<details class="shop-oops">
    <summary>${say("oops")}<span class="for-readers">: ${name}</span></summary>
    <form @submit=${(event: SubmitEvent) => pressed(event, part)}>
      <label>${say("oops-why")}<input name="why" maxlength="200" required /></label>
      <button class="plain is-grave">${say("oops-do")}</button>
    </form>
  </details>`;
}
