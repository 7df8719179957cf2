// Who did what, for every member: loaded when it is opened, asked anew each time.
import type { AuditAnswer, AuditDeed } from "@gridwright/contract/people.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ask } from "./asking.ts";
import type { PeoplePart } from "./closed-cards.ts";
import { isKey, type PeopleKey, sayOfPeople } from "./people-words.ts";

const SHOWN_FIRST = 20;
const SHOWN_MORE = 60;
const SHOWN_MAX = 500;

type About = AuditAnswer["entries"][number]["about"];

/** What sentences may quote. */
const textsOf = (about: About): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(about).map(([key, value]) => [key, String(value)]));

/** What was asked for has words of its own where it is known. */
function keyOf(did: AuditDeed, { kind, on }: About): PeopleKey {
  if (did !== "asked") return `did-${did}`;
  const way = kind === "switch" ? (on === true ? "on" : on === false ? "off" : undefined) : kind;
  const key = `did-asked-${way}`;
  return isKey(key) ? key : "did-asked";
}

const assetName = ({ asset }: About, names: Readonly<Record<string, string>>): { readonly asset?: string } =>
  asset === undefined ? {} : { asset: names[String(asset)] ?? String(asset) };

export class Deeds extends LitElement {
  static override properties = { given: {}, deeds: { state: true }, shown: { state: true } };
  declare given: PeoplePart & { readonly names: Readonly<Record<string, string>> };
  declare deeds: AuditAnswer | undefined;
  declare shown: number | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load(SHOWN_FIRST);
  }

  async #load(limit: number): Promise<void> {
    const told = await ask<AuditAnswer>("GET", `audit?limit=${limit}`);
    if (!told.ok) return;
    this.deeds = told.data;
    this.shown = limit;
  }

  #deed({ n, t, who, did, about }: AuditAnswer["entries"][number]): TemplateResult {
    const { language, clock, wall } = this.given;
    const say = sayOfPeople(language);
    const key = keyOf(did, about);
    const name = this.deeds?.names[who] ?? (who === "screen" ? say("a-screen") : say("somebody-gone"));
    return html`<li><time>${clock.when(t, wall)}</time> ${say(key, { ...textsOf(about), ...assetName(about, this.given.names), name })} <small>${n}</small></li>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { deeds, shown = SHOWN_FIRST, given } = this;
    if (deeds === undefined) return nothing;
    const say = sayOfPeople(given.language);
    const more = deeds.entries.length === shown && shown < SHOWN_MAX;
    return html`<p class="soft">${say("deeds-note")}</p>
      ${deeds.whole ? nothing : html`<p class="door-why">${say("admin-deeds-spoiled")}</p>`}
      <ol class="deeds">${deeds.entries.map((one) => this.#deed(one))}</ol>
      ${more ? html`<button class="plain" @click=${() => this.#load(Math.min(SHOWN_MAX, shown + SHOWN_MORE))}>${say("deeds-more")}</button>` : nothing}`;
  }
}
