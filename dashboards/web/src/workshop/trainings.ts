// One's own trainings; who trains at a machine reads, gives and takes back those of others too. Loaded when it is opened;
// what it shows it asks anew.
import type { TrainingsAnswer } from "@gridwright/contract/training.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ask } from "../people/asking.ts";
import type { ClockText } from "../text/clock.ts";
import type { SayOfTraining } from "./training-words.ts";

export interface TrainingsPart {
  readonly say: SayOfTraining;
  readonly clock: ClockText;
  /** Asset id → its name. */
  readonly names: Readonly<Record<string, string>>;
}

export class Trainings extends LitElement {
  static override properties = { given: {}, all: { state: true }, why: { state: true } };
  declare given: TrainingsPart;
  declare all: TrainingsAnswer | undefined;
  declare why: string | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    const told = await ask<TrainingsAnswer>("GET", "trainings");
    if (told.ok) this.all = told.data;
  }

  async #do(method: string, path: string, body?: object): Promise<void> {
    const told = await ask<null>(method, path, body);
    this.why = told.ok ? undefined : this.given.say("refused", { why: told.detail });
    await this.#load();
  }

  readonly #give = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const [person, machine, days] = ["person", "machine", "days"].map((name) =>
      String(given.get(name) ?? ""),
    );
    void this.#do("POST", "trainings", { person, machine, ...(days !== "" && { days: Number(days) }) });
  };

  #name = (machine: string): string => this.given.names[machine] ?? machine;

  #one({
    id,
    name,
    machine,
    by,
    expiresAt,
    mayWithdraw,
  }: TrainingsAnswer["trainings"][number]): TemplateResult {
    const { say, clock } = this.given;
    const now = this.all?.now ?? 0;
    const words = { name, by, machine: this.#name(machine), when: clock.date(expiresAt) };
    return html`<li>${say(expiresAt > now ? "one" : "over", words)}
      ${mayWithdraw ? html`<button class="plain" @click=${() => this.#do("DELETE", `trainings/${id}`)}>${say("take")}<span class="for-readers">: ${name}, ${this.#name(machine)}</span></button>` : nothing}</li>`;
  }

  #form({ machines, people }: TrainingsAnswer): TemplateResult {
    const { say } = this.given;
    const mine = machines.filter(({ mayGive }) => mayGive);
    return html`<h4>${say("give")}</h4>
      <form class="shop-ask" @submit=${this.#give}>
        <label>${say("who")}<select name="person">${people.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}</select></label>
        <label>${say("machine")}<select name="machine">${mine.map(({ id }) => html`<option value=${id}>${this.#name(id)}</option>`)}</select></label>
        <label>${say("days")}<input name="days" type="number" min="1" max="3660" placeholder=${String(mine[0]?.days ?? "")} /></label>
        <button class="do">${say("do-give")}</button>
      </form>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { all, why, given } = this;
    if (all === undefined) return nothing;
    const { say } = given;
    return html`<p class="soft">${say("note")}</p>
      <p role="alert" class="door-why">${why ?? nothing}</p>
      ${all.trainings.length === 0 ? html`<p>${say("nobody")}</p>` : html`<ul>${all.trainings.map((one) => this.#one(one))}</ul>`}
      ${all.machines.some(({ mayGive }) => mayGive) ? this.#form(all) : nothing}`;
  }
}
