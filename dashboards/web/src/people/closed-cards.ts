// Cards about accounts: closed until wanted, and loaded then. One's own for everybody who signed in, who did what for
// members, people for admins.
import type { Language } from "@gridwright/contract/reasons.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import type { ClockText } from "../text/clock.ts";
import type { Me } from "./asking.ts";

/** What each of these parts is given. */
export interface PeoplePart {
  readonly language: Language;
  readonly clock: ClockText;
  readonly me: Me;
  readonly members: Readonly<Record<string, { readonly name: string }>>;
  /** Real time, ms since 1970. */
  readonly wall: number;
}

/** Defines an element once its card is opened for the first time. */
export const lazily =
  (tag: string, load: () => Promise<CustomElementConstructor>) =>
  async (event: Event): Promise<void> => {
    if (!(event.target as HTMLDetailsElement).open || customElements.get(tag) !== undefined) return;
    const part = await load();
    if (customElements.get(tag) === undefined) customElements.define(tag, part);
  };

const loadOwn = lazily("gridwright-own", async () => (await import("./own.ts")).Own);
const loadDeeds = lazily("gridwright-deeds", async () => (await import("./deeds.ts")).Deeds);
const loadAgreements = lazily(
  "gridwright-agreements",
  async () => (await import("../agreements/agreements.ts")).Agreements,
);
const loadContests = lazily(
  "gridwright-contests",
  async () => (await import("../contests/contests.ts")).Contests,
);
const loadAdmin = lazily("gridwright-admin", async () => (await import("./admin.ts")).Admin);

const card = (title: string, load: (event: Event) => Promise<void>, inside: TemplateResult): TemplateResult =>
  html`<details class="card people closed" @toggle=${load}>
    <summary><h2>${title}</h2></summary>
    ${inside}
  </details>`;

export function peopleCards({
  me,
  say,
  language,
  clock,
  known,
  wall,
  wording,
}: Context): TemplateResult | typeof nothing {
  if (me?.person == null || me.person.via === "screen") return nothing;
  const { role, via } = me.person;
  const part: PeoplePart = { language, clock, me, members: known.site.members, wall };
  const site = { ...part, site: known.site };
  const contested = { ...part, wording };
  return html`${card(say("agreements"), loadAgreements, html`<gridwright-agreements .given=${site}></gridwright-agreements>`)}
    ${card(say("contests"), loadContests, html`<gridwright-contests .given=${contested}></gridwright-contests>`)}
    ${via === "session" ? card(say("own"), loadOwn, html`<gridwright-own .given=${part}></gridwright-own>`) : nothing}
    ${mayAs(role, "member") ? card(say("deeds"), loadDeeds, html`<gridwright-deeds .given=${{ ...part, names: wording.names }}></gridwright-deeds>`) : nothing}
    ${mayAs(role, "admin") ? card(say("admin"), loadAdmin, html`<gridwright-admin .given=${part}></gridwright-admin>`) : nothing}`;
}
