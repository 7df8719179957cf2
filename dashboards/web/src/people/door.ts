// The door: who is not known signs in here, or takes the invitation that the address brings. Loaded when it is needed.
import { PASSWORD_CHARS_MIN } from "@gridwright/contract/roles.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Say, WordKey } from "../words/words.ts";
import { ask, type Told } from "./asking.ts";

const WHY: Readonly<Record<number, WordKey>> = {
  0: "door-unreachable",
  401: "door-wrong",
  404: "door-gone",
  409: "door-taken",
  429: "door-wait",
};

/** The invitation in the address, which never travels to a server by itself. */
export const inviteIn = (hash: string): string | undefined => /^#invite=([\w-]{16,100})$/.exec(hash)?.[1];

export class Door extends LitElement {
  static override properties = {
    say: {},
    fresh: {},
    invite: {},
    why: { state: true },
    busy: { state: true },
  };
  declare say: Say;
  declare fresh: boolean;
  declare invite: string | undefined;
  declare why: WordKey | undefined;
  declare busy: boolean;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async #send(method: Promise<Told<null>>): Promise<void> {
    this.busy = true;
    const told = await method;
    this.busy = false;
    this.why = told.ok ? undefined : (WHY[told.status] ?? "door-refused");
    if (!told.ok) return;
    location.hash = "";
    location.reload();
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(given.get(name) ?? "");
    const login = { login: text("login"), password: text("password") };
    if (this.invite === undefined) void this.#send(ask("POST", "session", login));
    else
      void this.#send(
        ask("POST", "join", { as: "person", invite: this.invite, name: text("name"), ...login }),
      );
  };

  #field(name: "name" | "login" | "password"): TemplateResult {
    const join = this.invite !== undefined;
    const secret = name === "password";
    const known = secret ? (join ? "new-password" : "current-password") : "username";
    return html`<label>
      ${this.say(`door-${name}`)}
      <input
        name=${name}
        type=${secret ? "password" : "text"}
        autocomplete=${name === "name" ? "name" : known}
        autocapitalize=${name === "name" ? "words" : "none"}
        minlength=${secret && join ? PASSWORD_CHARS_MIN : 1}
        required
      />
      ${secret && join ? html`<small>${this.say("door-password-hint", { count: String(PASSWORD_CHARS_MIN) })}</small>` : nothing}
    </label>`;
  }

  protected override render(): TemplateResult {
    const { say, invite, why } = this;
    const join = invite !== undefined;
    return html`<main class="door card">
      <h1>${say(join ? "door-welcome" : "door-sign-in")}</h1>
      <p>${say(join ? "door-join" : this.fresh ? "door-fresh" : "door-who")}</p>
      <form @submit=${this.#submit}>
        ${join ? this.#field("name") : nothing} ${this.#field("login")} ${this.#field("password")}
        <p role="alert" class="door-why">${why === undefined ? nothing : say(why)}</p>
        <button class="do" ?disabled=${this.busy}>${say(join ? "door-do-join" : "door-do-sign-in")}</button>
      </form>
    </main>`;
  }
}
