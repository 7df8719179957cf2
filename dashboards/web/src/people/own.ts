// One's own account: password, where one is signed in, keys for programs, a copy of all that is kept, and leaving. Loaded
// when it is opened; everything it shows it asks anew.
import type { SecretAnswer, SessionsAnswer, TokensAnswer } from "@gridwright/contract/people.ts";
import { PASSWORD_CHARS_MIN, SCOPES } from "@gridwright/contract/roles.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ask } from "./asking.ts";
import type { PeoplePart } from "./closed-cards.ts";
import { type PeopleKey, type SayOfPeople, sayOfPeople } from "./people-words.ts";
import { definePush } from "./push-part.ts";
import { defineSecond } from "./second-part.ts";

const TOKEN_DAYS = [7, 30, 90, 366] as const;
const TOKEN_DAYS_USUAL = 90;

export class Own extends LitElement {
  static override properties = {
    ...{ given: {}, sessions: { state: true }, tokens: { state: true }, secret: { state: true } },
    ...{ why: { state: true }, leaving: { state: true } },
  };
  declare given: PeoplePart;
  declare sessions: SessionsAnswer | undefined;
  declare tokens: TokensAnswer | undefined;
  /** A token that was just made; shown until the card is closed. */
  declare secret: string | undefined;
  declare why: string | undefined;
  declare leaving: boolean | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    defineSecond();
    definePush();
    void this.#load();
  }

  get #say(): SayOfPeople {
    return sayOfPeople(this.given.language);
  }

  async #load(): Promise<void> {
    const [sessions, tokens] = await Promise.all([
      ask<SessionsAnswer>("GET", "sessions"),
      ask<TokensAnswer>("GET", "tokens"),
    ]);
    if (sessions.ok) this.sessions = sessions.data;
    if (tokens.ok) this.tokens = tokens.data;
  }

  async #do(method: string, path: string): Promise<void> {
    const told = await ask<null>(method, path);
    this.why = told.ok ? undefined : told.detail;
    await this.#load();
  }

  /** What leaves this browser without a session begins anew at the door. */
  async #leave(method: string, path: string, body?: object): Promise<void> {
    const told = await ask<null>(method, path, body);
    if (told.ok) location.reload();
    else this.why = this.#whyOf(told);
  }

  #whyOf({ status, detail }: { readonly status: number; readonly detail: string }): string {
    const words: Readonly<Record<number, PeopleKey>> = { 401: "own-wrong", 429: "own-wait" };
    const key = words[status];
    return key === undefined ? detail : this.#say(key);
  }

  readonly #password = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const [old, password] = [String(given.get("old")), String(given.get("password"))];
    void this.#leave("PUT", "me/password", { old, password });
  };

  readonly #token = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const given = new FormData(form);
    const told = await ask<SecretAnswer>("POST", "tokens", {
      name: String(given.get("name")),
      scopes: SCOPES.filter((scope) => given.get(scope) !== null),
      days: Number(given.get("days")),
    });
    this.why = told.ok ? undefined : told.detail;
    this.secret = told.ok ? told.data.secret : undefined;
    if (told.ok) form.reset();
    await this.#load();
  };

  #passwordForm(): TemplateResult {
    const say = this.#say;
    return html`<h3>${say("own-password")}</h3>
      <form class="line" @submit=${this.#password}>
        <label>${say("own-old")}<input name="old" type="password" autocomplete="current-password" required /></label>
        <label>${say("own-new", { count: String(PASSWORD_CHARS_MIN) })}
          <input name="password" type="password" autocomplete="new-password" minlength=${PASSWORD_CHARS_MIN} required />
        </label>
        <button class="do">${say("own-change")}</button>
      </form>
      <p class="soft">${say("own-change-note")}</p>`;
  }

  #session({ id, createdAt, seenAt, device, current }: SessionsAnswer[number]): TemplateResult {
    const say = this.#say;
    const { clock, wall } = this.given;
    const name = device ?? say("own-device-unknown");
    return html`<li>
      ${say("own-session", { device: name, since: clock.when(createdAt, wall) })}
      <small>${current ? say("own-here") : say("own-session-seen", { seen: clock.when(seenAt, wall) })}</small>
      ${current ? nothing : html`<button class="plain" @click=${() => this.#do("DELETE", `sessions/${id}`)}>${say("own-end")}<span class="for-readers">: ${name}</span></button>`}
    </li>`;
  }

  #sessionsPart(): TemplateResult {
    const say = this.#say;
    return html`<h3>${say("own-sessions")}</h3>
      <ul class="own-sessions">${(this.sessions ?? []).map((one) => this.#session(one))}</ul>
      <button class="plain" @click=${() => this.#leave("DELETE", "sessions")}>${say("own-end-all")}</button>`;
  }

  #tokenForm(): TemplateResult {
    const say = this.#say;
    return html`<form class="line" @submit=${this.#token}>
      <label>${say("own-token-name")}<input name="name" maxlength="60" required /></label>
      <fieldset>
        <legend>${say("own-token-may")}</legend>
        ${SCOPES.map((scope) => html`<label class="check"><input type="checkbox" name=${scope} ?checked=${scope === "read"} /> ${say(`own-scope-${scope}`)}</label>`)}
      </fieldset>
      <label>${say("own-token-days")}
        <select name="days">${TOKEN_DAYS.map((days) => html`<option value=${days} ?selected=${days === TOKEN_DAYS_USUAL}>${say("own-days", { count: String(days) })}</option>`)}</select>
      </label>
      <button class="do">${say("own-token-make")}</button>
    </form>`;
  }

  #tokensPart(): TemplateResult {
    const say = this.#say;
    const { tokens = [], secret, given } = this;
    const scopesOf = (scopes: TokensAnswer[number]["scopes"]): string =>
      scopes.map((scope) => say(`own-scope-${scope}`)).join(", ");
    return html`<h3>${say("own-tokens")}</h3>
      <p class="soft">${say("own-tokens-note")}</p>
      ${this.#tokenForm()}
      ${secret === undefined ? nothing : html`<p class="told" role="status">${say("own-token-secret")} <code>${secret}</code></p>`}
      ${tokens.length === 0 ? html`<p class="soft">${say("own-no-tokens")}</p>` : nothing}
      <ul class="own-tokens">${tokens.map(
        ({ id, name, scopes, expiresAt }) =>
          html`<li>
            ${say("own-token", { name, scopes: scopesOf(scopes), until: given.clock.when(expiresAt, given.wall) })}
            <button class="plain" @click=${() => this.#do("DELETE", `tokens/${id}`)}>${say("own-withdraw")}<span class="for-readers">: ${name}</span></button>
          </li>`,
      )}</ul>`;
  }

  #dataPart(): TemplateResult {
    const say = this.#say;
    const erase = this.leaving
      ? html`<button class="plain is-grave" @click=${() => this.#leave("DELETE", "me")}>${say("own-erase-sure")}</button>`
      : html`<button class="plain" @click=${() => {
          this.leaving = true;
        }}>${say("own-erase")}</button>`;
    return html`<h3>${say("own-data")}</h3>
      <p class="line"><a class="plain" href="api/v1/me/export" download="gridwright-own-data.json">${say("own-export")}</a> ${erase}</p>`;
  }

  protected override render(): TemplateResult {
    const { clock, me } = this.given;
    const until = me.person?.until;
    return html`<p role="alert" class="door-why">${this.why ?? nothing}</p>
      ${until === undefined ? nothing : html`<p>${this.#say("own-guest", { when: clock.date(until) })}</p>`}
      <h3>${this.#say("push")}</h3>
      <gridwright-push .given=${this.given}></gridwright-push>
      ${this.#sessionsPart()} ${this.#tokensPart()} ${this.#passwordForm()}
      <h3>${this.#say("second")}</h3>
      <gridwright-second .language=${this.given.language} .must=${false}></gridwright-second>
      ${this.#dataPart()}`;
  }
}
