// News on this very device, by web push: off until its owner switches it on, with what passes through whose servers said before.
// Stands in one's account, with the other browsers that are told.
import type { PushAnswer } from "@gridwright/contract/push.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ask } from "./asking.ts";
import type { PeoplePart } from "./closed-cards.ts";
import { type SayOfPeople, sayOfPeople } from "./people-words.ts";
import { pushAddress, subscribe, unsubscribe } from "./push-browser.ts";

type Told = PushAnswer["browsers"][number];
const CHOICES = ["home", "site"] as const;

class PushPart extends LitElement {
  static override properties = {
    ...{ given: {}, push: { state: true }, address: { state: true }, why: { state: true } },
  };
  declare given: PeoplePart;
  declare push: PushAnswer | undefined;
  /** null: this browser is not told; undefined: it cannot be. */
  declare address: string | null | undefined;
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

  async #load(): Promise<void> {
    this.address = await pushAddress();
    const told = await ask<PushAnswer>("GET", "me/push");
    if (told.ok) this.push = told.data;
  }

  readonly #on = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const key = this.push?.key;
    if (key === undefined || key === null) return;
    const [home, site] = CHOICES.map((choice) => given.get(choice) !== null);
    if (!home && !site) {
      this.why = this.#say("push-choose");
      return;
    }
    try {
      const address = await subscribe(key);
      const told = await ask<null>("PUT", "me/push", {
        ...address,
        language: this.given.language,
        home,
        site,
      });
      this.why = told.ok ? undefined : this.#say("push-failed", { why: told.detail });
      if (!told.ok) await unsubscribe();
    } catch (error) {
      const isDenied = error instanceof DOMException && error.name === "NotAllowedError";
      const why = error instanceof Error ? error.message : String(error);
      this.why = isDenied ? this.#say("push-denied") : this.#say("push-failed", { why });
    }
    await this.#load();
  };

  async #off({ id, endpoint }: Told): Promise<void> {
    const told = await ask<null>("DELETE", `me/push/${id}`);
    this.why = told.ok ? undefined : told.detail;
    if (endpoint === this.address) await unsubscribe();
    await this.#load();
  }

  #form({ may }: PushAnswer, own: Told | undefined): TemplateResult {
    const say = this.#say;
    const choices = CHOICES.filter((choice) => may[choice]);
    if (choices.length === 0) return html`<p class="soft">${say("push-nothing")}</p>`;
    const isChosen = (choice: (typeof CHOICES)[number]): boolean => own?.[choice] ?? choice === choices[0];
    return html`<form @submit=${this.#on}>
      <fieldset>
        <legend>${say("push-what")}</legend>
        ${choices.map(
          (choice) =>
            html`<label class="check"><input type="checkbox" name=${choice} ?checked=${isChosen(choice)} /> ${say(`push-${choice}`)}</label>`,
        )}
      </fieldset>
      <button class="do">${say(own === undefined ? "push-on" : "push-change")}</button>
    </form>`;
  }

  #browser(one: Told): TemplateResult {
    const say = this.#say;
    const { clock, wall } = this.given;
    const name = one.device ?? say("own-device-unknown");
    const what = CHOICES.filter((choice) => one[choice]).map((choice) => say(`push-short-${choice}`));
    const words = { device: name, what: what.join(", "), since: clock.when(one.createdAt, wall) };
    return html`<li>
      ${say("push-browser", words)}
      ${one.endpoint === this.address ? html`<small>${say("own-here")}</small>` : nothing}
      <button class="plain" @click=${() => this.#off(one)}>${say("push-off")}<span class="for-readers">: ${name}</span></button>
    </li>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { push, address } = this;
    if (push === undefined) return nothing;
    const say = this.#say;
    if (push.key === null) return html`<p class="soft">${say("push-none")}</p>`;
    const own = push.browsers.find(({ endpoint }) => endpoint === address);
    return html`<p>${say("push-about")}</p>
      <p role="alert" class="door-why">${this.why ?? nothing}</p>
      ${address === undefined ? html`<p class="soft">${say("push-cannot")}</p>` : this.#form(push, own)}
      <ul class="own-sessions">${push.browsers.map((one) => this.#browser(one))}</ul>`;
  }
}

/** Defines it where it is not yet. */
export function definePush(): void {
  if (customElements.get("gridwright-push") === undefined) customElements.define("gridwright-push", PushPart);
}
