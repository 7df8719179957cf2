// Accounts, invitations, screens and keys of programs, for admins; loaded when it is opened. Everything it shows it asks
// anew.
import type {
  AccountsAnswer,
  InvitesAnswer,
  SecondRule,
  SecretAnswer,
  SessionsAnswer,
} from "@gridwright/contract/people.ts";
import { PERSON_ROLES } from "@gridwright/contract/roles.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { sayIn } from "../words/words.ts";
import { ask } from "./asking.ts";
import type { PeoplePart } from "./closed-cards.ts";
import { type SayOfPeople, sayOfPeople } from "./people-words.ts";

type Account = AccountsAnswer[number];

/** A link that was just made, and the words before it. */
interface Link {
  readonly says: string;
  readonly url: string;
}

/** The end of that day, ms since 1970; null: none was given. */
const endOf = (day: string): number | null => (day === "" ? null : new Date(`${day}T23:59:59`).getTime());

export class Admin extends LitElement {
  static override properties = {
    ...{ given: {}, accounts: { state: true }, invites: { state: true }, screens: { state: true } },
    ...{ second: { state: true }, link: { state: true }, why: { state: true } },
  };
  declare given: PeoplePart;
  declare accounts: AccountsAnswer | undefined;
  declare invites: InvitesAnswer | undefined;
  declare screens: SessionsAnswer | undefined;
  /** From which role on a second step is a must; null: from none. */
  declare second: SecondRule["from"] | undefined;
  declare link: Link | undefined;
  declare why: string | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  get #say(): SayOfPeople {
    return sayOfPeople(this.given.language);
  }

  #role(role: Account["role"] | "screen"): string {
    return sayIn(this.given.language)(`role-${role}`);
  }

  #when(at: number): string {
    return this.given.clock.when(at, this.given.wall);
  }

  async #load(): Promise<void> {
    const [accounts, invites, screens, rule] = await Promise.all([
      ask<AccountsAnswer>("GET", "accounts"),
      ask<InvitesAnswer>("GET", "invites"),
      ask<SessionsAnswer>("GET", "screens"),
      ask<SecondRule>("GET", "second-rule"),
    ]);
    if (accounts.ok) this.accounts = accounts.data;
    if (invites.ok) this.invites = invites.data;
    if (screens.ok) this.screens = screens.data;
    if (rule.ok) this.second = rule.data.from;
  }

  async #do(method: string, path: string, body?: object): Promise<void> {
    const told = await ask<null>(method, path, body);
    this.why = told.ok ? undefined : told.detail;
    await this.#load();
  }

  async #makeLink(path: string, body: object | undefined, link: (secret: string) => Link): Promise<void> {
    const told = await ask<SecretAnswer>("POST", path, body);
    this.why = told.ok ? undefined : told.detail;
    this.link = told.ok ? link(told.data.secret) : undefined;
    await this.#load();
  }

  readonly #invite = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const [role, member] = [String(given.get("role")), String(given.get("member"))];
    const screen = role === "screen";
    const until = endOf(String(given.get("until")));
    const body = {
      ...(screen ? { role: "viewer", screen } : { role }),
      ...{ ...(member !== "" && { member }), ...(until !== null && { until }) },
    };
    void this.#makeLink("invites", body, (secret) => ({
      says: this.#say(screen ? "admin-link-screen" : "admin-link"),
      url: `${location.origin}/#${screen ? "screen" : "invite"}=${secret}`,
    }));
  };

  #houses(chosen: string | undefined): TemplateResult {
    return html`<option value="">${this.#say("admin-no-house")}</option>
      ${Object.entries(this.given.members).map(([id, { name }]) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}`;
  }

  #inviteForm(): TemplateResult {
    const say = this.#say;
    const { link } = this;
    return html`<form class="line" @submit=${this.#invite}>
        <label>
          ${say("admin-as")}
          <select name="role">
            ${PERSON_ROLES.map((role) => html`<option value=${role} ?selected=${role === "member"}>${this.#role(role)}</option>`)}
            <option value="screen">${this.#role("screen")}</option>
          </select>
        </label>
        <label>${say("admin-house")}<select name="member">${this.#houses(undefined)}</select></label>
        <label>${say("admin-guest")}<input name="until" type="date" /></label>
        <button class="do">${say("admin-invite")}</button>
      </form>
      ${link === undefined ? nothing : html`<p class="told" role="status">${link.says} <code>${link.url}</code></p>`}`;
  }

  #guest(until: number, change: (to: { until: number | null }) => void, name: string): TemplateResult {
    const say = this.#say;
    const key = until <= this.given.wall ? "admin-guest-over" : "admin-guest-until";
    return html`<br /><small>${say(key, { when: this.given.clock.date(until) })}</small>
      <input type="date" aria-label=${say("admin-guest-end", { name })} @change=${(event: Event) => change({ until: endOf((event.target as HTMLInputElement).value) })} />`;
  }

  #account({ id, name, login, role, until, member = "" }: Account): TemplateResult {
    const say = this.#say;
    const change = (to: { role?: string; member?: string | null; until?: number | null }): void =>
      void this.#do("PUT", `accounts/${id}`, { role, member: member === "" ? null : member, ...to });
    const picked = (event: Event): string => (event.target as HTMLSelectElement).value;
    const reset = (): void =>
      void this.#makeLink(`accounts/${id}/reset`, undefined, (secret) => ({
        says: say("admin-link-reset", { name }),
        url: `${location.origin}/#reset=${secret}`,
      }));
    return html`<tr>
      <th scope="row">${name} <small>${login}</small>${until === undefined ? nothing : this.#guest(until, change, name)}</th>
      <td><select aria-label=${say("admin-house-of", { name })} @change=${(event: Event) => change({ member: picked(event) || null })}>${this.#houses(member)}</select></td>
      <td>
        <select aria-label=${say("admin-role-of", { name })} @change=${(event: Event) => change({ role: picked(event) })}>
          ${PERSON_ROLES.map((one) => html`<option value=${one} ?selected=${one === role}>${this.#role(one)}</option>`)}
        </select>
      </td>
      <td>
        <button class="plain" @click=${reset}>${say("admin-reset")}<span class="for-readers">: ${name}</span></button>
        <button class="plain" @click=${() => this.#do("DELETE", `accounts/${id}`)}>${say("admin-remove")}<span class="for-readers">: ${name}</span></button>
      </td>
    </tr>`;
  }

  #secondRule(): TemplateResult {
    const say = this.#say;
    const change = (event: Event): void => {
      const from = (event.target as HTMLSelectElement).value;
      void this.#do("PUT", "second-rule", { from: from === "nobody" ? null : from });
    };
    return html`<h3>${say("admin-second")}</h3>
      <div class="line"><label>${say("admin-second-from")}
        <select name="second-from" @change=${change}>
          ${(["nobody", "admin", "technician"] as const).map((from) => html`<option value=${from} .selected=${from === (this.second ?? "nobody")}>${say(`admin-second-${from}`)}</option>`)}
        </select>
      </label></div>
      <ul>${(this.accounts ?? [])
        .filter(({ second }) => second)
        .map(
          ({ id, name }) =>
            html`<li>${name} ${say("admin-second-has")}
              <button class="plain" @click=${() => this.#do("DELETE", `accounts/${id}/second`)}>${say("admin-second-clear")}<span class="for-readers">: ${name}</span></button></li>`,
        )}</ul>`;
  }

  #tokens(): TemplateResult {
    const say = this.#say;
    const all = (this.accounts ?? []).flatMap(({ name: whose, tokens }) =>
      tokens.map((token) => ({ whose, ...token })),
    );
    if (all.length === 0) return html`<p class="soft">${say("admin-no-tokens")}</p>`;
    return html`<ul>${all.map(
      ({ id, whose, name, scopes, expiresAt }) =>
        html`<li>
          ${whose} · ${say("own-token", { name, scopes: scopes.map((scope) => say(`own-scope-${scope}`)).join(", "), until: this.#when(expiresAt) })}
          <button class="plain" @click=${() => this.#do("DELETE", `tokens/${id}`)}>${say("own-withdraw")}<span class="for-readers">: ${name}</span></button>
        </li>`,
    )}</ul>`;
  }

  #screens(): TemplateResult {
    const say = this.#say;
    const { screens = [] } = this;
    if (screens.length === 0) return html`<p class="soft">${say("admin-no-screens")}</p>`;
    return html`<ul>${screens.map(
      ({ id, device, createdAt }) =>
        html`<li>
          ${device ?? say("own-device-unknown")} · ${say("admin-since", { when: this.#when(createdAt) })}
          <button class="plain" @click=${() => this.#do("DELETE", `screens/${id}`)}>${say("admin-end-screen")}</button>
        </li>`,
    )}</ul>`;
  }

  #invitation({ id, role, screen, expiresAt }: InvitesAnswer[number]): TemplateResult {
    const say = this.#say;
    return html`<li>
      ${say("admin-open", { role: this.#role(screen ? "screen" : role), when: this.#when(expiresAt) })}
      <button class="plain" @click=${() => this.#do("DELETE", `invites/${id}`)}>${say("admin-withdraw")}</button>
    </li>`;
  }

  protected override render(): TemplateResult {
    const say = this.#say;
    const { accounts = [], invites = [], why } = this;
    return html`<p role="alert" class="door-why">${why ?? nothing}</p>
      <h3>${say("admin-new")}</h3>
      ${this.#inviteForm()}
      <ul>${invites.map((one) => this.#invitation(one))}</ul>
      <h3>${say("admin-people")}</h3>
      <div class="table" tabindex="0" role="region" aria-label=${say("admin-people")}><table><tbody>${accounts.map((one) => this.#account(one))}</tbody></table></div>
      <h3>${say("admin-tokens")}</h3>
      ${this.#tokens()}
      <h3>${say("admin-screens")}</h3>
      ${this.#screens()} ${this.#secondRule()}`;
  }
}
