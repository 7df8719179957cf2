// The door: who is not known signs in here, takes the invitation that the address brings, or chooses a new password by an
// admin's link. Loaded when it is needed.
import { PASSWORD_CHARS_MIN } from "@gridwright/contract/roles.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ask, type Told } from "./asking.ts";
import type { DoorKey, SayOfDoor } from "./door-words.ts";

const WHY: Readonly<Record<number, DoorKey>> = {
  0: "door-unreachable",
  401: "door-wrong",
  404: "door-gone",
  409: "door-taken",
  429: "door-wait",
};

/** What the address brings; it never travels to a server by itself. */
export interface Brought {
  readonly kind: "invite" | "reset";
  readonly secret: string;
}
export function broughtBy(hash: string): Brought | undefined {
  const [, kind, secret] = /^#(invite|reset)=([\w-]{16,100})$/.exec(hash) ?? [];
  return secret === undefined ? undefined : { kind: kind === "reset" ? "reset" : "invite", secret };
}
/** What the door asks for, and how it speaks. */
const ASKS = {
  "sign-in": { title: "door-sign-in", does: "door-do-sign-in", fields: ["login", "password"] },
  invite: { title: "door-welcome", does: "door-do-join", fields: ["name", "login", "password"] },
  reset: { title: "door-password", does: "door-do-reset", fields: ["password"] },
} as const;
/** As the API takes it, in the form that an input's pattern has. */
const LOGIN = String.raw`[\p{L}\p{N}][\p{L}\p{N}._\-]*`;
/** By which a browser fills it in. */
const KNOWN_AS = {
  name: "name",
  login: "username",
  password: "current-password",
  code: "one-time-code",
} as const;
type Field = "name" | "login" | "password" | "code";
/** The password was right, and the code of the second step is wanted. */
const CODE_WANTED = 428;

export class Door extends LitElement {
  static override properties = {
    say: {},
    fresh: {},
    brought: {},
    why: { state: true },
    busy: { state: true },
    coded: { state: true },
  };
  declare say: SayOfDoor;
  declare fresh: boolean;
  declare brought: Brought | undefined;
  declare why: DoorKey | undefined;
  declare busy: boolean;
  /** It asks for the code of the second step too. */
  declare coded: boolean | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async #send(method: Promise<Told<null>>): Promise<void> {
    this.busy = true;
    const told = await method;
    this.busy = false;
    if (!told.ok) return this.#refused(told.status);
    location.hash = "";
    location.reload();
  }

  #refused(status: number): void {
    const wrongCode = this.coded && status === 401;
    this.why =
      status === CODE_WANTED ? undefined : wrongCode ? "door-code-wrong" : (WHY[status] ?? "door-refused");
    this.coded = this.coded || status === CODE_WANTED;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(given.get(name) ?? "");
    const login = { login: text("login"), password: text("password") };
    const code = this.coded ? { code: text("code") } : {};
    const { brought } = this;
    if (brought === undefined) void this.#send(ask("POST", "session", { ...login, ...code }));
    else if (brought.kind === "reset")
      void this.#send(ask("POST", "reset", { reset: brought.secret, password: login.password, ...code }));
    else
      void this.#send(
        ask("POST", "join", { as: "person", invite: brought.secret, name: text("name"), ...login }),
      );
  };

  /** What a field that is new here must be; nothing where it is known already. */
  #hint(name: Field): string | undefined {
    if (this.brought === undefined) return undefined;
    if (name === "login") return this.say("door-login-hint");
    return name === "password"
      ? this.say("door-password-hint", { count: String(PASSWORD_CHARS_MIN) })
      : undefined;
  }

  #field(name: Field): TemplateResult {
    const join = this.brought !== undefined;
    const hint = this.#hint(name);
    return html`<label>
      ${this.say(`door-${name}`)}
      <input
        name=${name}
        type=${name === "password" ? "password" : "text"}
        autocomplete=${name === "password" && join ? "new-password" : KNOWN_AS[name]}
        autocapitalize=${name === "name" ? "words" : "none"}
        minlength=${name === "password" && join ? PASSWORD_CHARS_MIN : 1}
        pattern=${name === "login" && join ? LOGIN : nothing}
        title=${hint ?? nothing}
        required
      />
      ${hint === undefined ? nothing : html`<small>${hint}</small>`}
    </label>`;
  }

  protected override render(): TemplateResult {
    const { say, brought, why } = this;
    const { title, does, fields } = ASKS[brought?.kind ?? "sign-in"];
    const greeting = { invite: "door-join", reset: "door-reset" } as const;
    return html`<main class="door card">
      <h1>${say(title)}</h1>
      <p>${say(brought === undefined ? (this.fresh ? "door-fresh" : "door-who") : greeting[brought.kind])}</p>
      <form @submit=${this.#submit}>
        ${fields.map((field) => this.#field(field))}
        ${this.coded ? html`<p role="status">${say("door-code-ask")}</p>${this.#field("code")}` : nothing}
        <p role="alert" class="door-why">${why === undefined ? nothing : say(why)}</p>
        <button class="do" ?disabled=${this.busy}>${say(does)}</button>
      </form>
    </main>`;
  }
}
