// Accounts, invitations and what people did, for admins; loaded when it is opened. Everything it shows it asks anew.
import type {
  AccountsAnswer,
  AuditAnswer,
  InvitesAnswer,
  SecretAnswer,
} from "@gridwright/contract/people.ts";
import { PERSON_ROLES } from "@gridwright/contract/roles.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { ClockText } from "../text/clock.ts";
import type { Say, WordKey } from "../words/words.ts";
import { ask } from "./asking.ts";

const DEEDS_SHOWN = 20;

export class Admin extends LitElement {
  static override properties = {
    ...{ say: {}, clock: {}, members: {}, wall: {} },
    ...{ accounts: { state: true }, invites: { state: true }, deeds: { state: true } },
    ...{ link: { state: true }, why: { state: true } },
  };
  declare say: Say;
  declare clock: ClockText;
  declare members: Readonly<Record<string, { readonly name: string }>>;
  declare wall: number;
  declare accounts: AccountsAnswer | undefined;
  declare invites: InvitesAnswer | undefined;
  declare deeds: AuditAnswer | undefined;
  declare link: string | undefined;
  declare why: string | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    const [accounts, invites, deeds] = await Promise.all([
      ask<AccountsAnswer>("GET", "accounts"),
      ask<InvitesAnswer>("GET", "invites"),
      ask<AuditAnswer>("GET", `audit?limit=${DEEDS_SHOWN}`),
    ]);
    if (accounts.ok) this.accounts = accounts.data;
    if (invites.ok) this.invites = invites.data;
    if (deeds.ok) this.deeds = deeds.data;
  }

  async #do(method: string, path: string, body?: object): Promise<void> {
    const told = await ask<null>(method, path, body);
    this.why = told.ok ? undefined : told.detail;
    await this.#load();
  }

  readonly #invite = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const [role, member] = [String(given.get("role")), String(given.get("member"))];
    const told = await ask<SecretAnswer>("POST", "invites", {
      ...(role === "screen" ? { role: "viewer", screen: true } : { role }),
      ...(member !== "" && { member }),
    });
    this.why = told.ok ? undefined : told.detail;
    this.link = told.ok
      ? `${location.origin}/#${role === "screen" ? "screen" : "invite"}=${told.data.secret}`
      : undefined;
    await this.#load();
  };

  #inviteForm(): TemplateResult {
    const { say, members, link } = this;
    return html`<form class="line" @submit=${this.#invite}>
        <label>
          ${say("admin-as")}
          <select name="role">
            ${PERSON_ROLES.map((role) => html`<option value=${role} ?selected=${role === "member"}>${say(`role-${role}`)}</option>`)}
            <option value="screen">${say("role-screen")}</option>
          </select>
        </label>
        <label>
          ${say("admin-house")}
          <select name="member">
            <option value="">${say("admin-no-house")}</option>
            ${Object.entries(members).map(([id, { name }]) => html`<option value=${id}>${name}</option>`)}
          </select>
        </label>
        <button class="do">${say("admin-invite")}</button>
      </form>
      ${link === undefined ? nothing : html`<p class="told" role="status">${say("admin-link")} <code>${link}</code></p>`}`;
  }

  #account({ id, name, login, role, member }: AccountsAnswer[number]): TemplateResult {
    const { say, members } = this;
    const change = (event: Event) =>
      void this.#do("PUT", `accounts/${id}`, {
        role: (event.target as HTMLSelectElement).value,
        member: member ?? null,
      });
    return html`<tr>
      <th scope="row">${name} <small>${login}</small></th>
      <td>${members[member ?? ""]?.name ?? "—"}</td>
      <td>
        <select aria-label=${say("admin-role-of", { name })} @change=${change}>
          ${PERSON_ROLES.map((one) => html`<option value=${one} ?selected=${one === role}>${say(`role-${one}`)}</option>`)}
        </select>
      </td>
      <td><button class="plain" @click=${() => this.#do("DELETE", `accounts/${id}`)}>${say("admin-remove")}</button></td>
    </tr>`;
  }

  #deed({ n, t, who, did }: AuditAnswer["entries"][number]): TemplateResult {
    const name = this.deeds?.names[who] ?? who;
    const key: WordKey = `did-${did}`;
    return html`<li><time>${this.clock.when(t, this.wall)}</time> ${this.say(key, { name })} <small>${n}</small></li>`;
  }

  protected override render(): TemplateResult {
    const { say, accounts = [], invites = [], deeds, why } = this;
    return html`<p role="alert" class="door-why">${why ?? nothing}</p>
      <h3>${say("admin-new")}</h3>
      ${this.#inviteForm()}
      <ul>
        ${invites.map(
          ({ id, role, screen, expiresAt }) =>
            html`<li>
              ${say("admin-open", { role: say(screen ? "role-screen" : `role-${role}`), when: this.clock.when(expiresAt, this.wall) })}
              <button class="plain" @click=${() => this.#do("DELETE", `invites/${id}`)}>${say("admin-withdraw")}</button>
            </li>`,
        )}
      </ul>
      <h3>${say("admin-people")}</h3>
      <div class="table"><table><tbody>${accounts.map((one) => this.#account(one))}</tbody></table></div>
      <h3>${say("admin-deeds")}</h3>
      ${deeds !== undefined && !deeds.whole ? html`<p class="door-why">${say("admin-deeds-spoiled")}</p>` : nothing}
      <ol class="deeds">${(deeds?.entries ?? []).map((one) => this.#deed(one))}</ol>`;
  }
}
