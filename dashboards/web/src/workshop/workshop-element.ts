// The workshop on the page: how each machine stands, a form that asks for a job, the queue with why and other times, what
// was done on how much energy. It asks the queue anew every few seconds while it is seen, and after each act at once.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Scene } from "@gridwright/contract/explain/scene.ts";
import type { MachineReport } from "@gridwright/contract/jobs.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ask, type Me } from "../people/asking.ts";
import { lazily } from "../people/closed-cards.ts";
import type { ClockText } from "../text/clock.ts";
import { ageText, energyText, powerText, shareText } from "../text/numbers.ts";
import { capital, sentence } from "../text/sentence.ts";
import type { Say } from "../words/words.ts";
import { askForm, wantedBy } from "./ask-form.ts";
import { oopsView } from "./oops-view.ts";
import { type SayOfShop, sayOfShop } from "./shop-words.ts";
import { presenceView, trainingKey, trainingNote } from "./training-view.ts";
import { sayOfTraining } from "./training-words.ts";
import { dueCare, grouped, machineWord, type Shop, type ShopJob, takesText, timeText } from "./workshop.ts";

const loadTrainings = lazily("gridwright-trainings", async () => (await import("./trainings.ts")).Trainings);

const EVERY_MS = 4_000;

export class Workshop extends LitElement {
  static override properties = {
    ...{ pageSay: {}, clock: {}, wording: {}, me: {}, now: {} },
    ...{ shop: { state: true }, answer: { state: true }, busy: { state: true } },
  };
  declare pageSay: Say;
  declare clock: ClockText;
  declare wording: Scene;
  declare me: Me | undefined;
  declare now: number;
  declare shop: Shop | undefined;
  declare answer: string | undefined;
  declare busy: boolean;
  #timer: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (document.visibilityState !== "visible") return;
    const told = await ask<Shop>("GET", "jobs");
    if (told.ok) this.shop = told.data;
  }

  async #act(method: string, path: string, body?: object): Promise<void> {
    this.busy = true;
    const told = await ask<ShopJob | null>(method, path, body);
    this.busy = false;
    const job = told.ok ? told.data : undefined;
    if (!told.ok) this.answer = this.say("shop-refused", { why: told.detail });
    else this.answer = job == null ? this.say("shop-noted") : this.#answerOf(job);
    await this.#look();
  }

  get #words() {
    const { pageSay: say, clock, now, wording } = this;
    return { say, clock, now: this.shop?.t ?? now, language: wording.language };
  }

  get #may(): boolean {
    const { person } = this.me ?? {};
    return person != null && person.via !== "screen" && mayAs(person.role, "member");
  }

  get say(): SayOfShop {
    return sayOfShop(this.wording.language);
  }

  get #tell() {
    return sayOfTraining(this.wording.language);
  }

  #why = (reason: Reason): string => capital(sentence(reason, this.wording));
  #name = (machine: string): string => this.wording.names[machine] ?? machine;

  #answerOf(job: ShopJob): string {
    const why = this.#why(job.why);
    if (job.state !== "promised" || job.promise === null) return `${why}.`;
    const time = timeText(job.promise, this.#words);
    return this.say("shop-promised", { machine: this.#name(job.machine), time, why });
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    void this.#act("POST", "jobs", wantedBy(given, this.#words.now));
  };

  /** Chooses a machine in the form and goes there. */
  #pick(machine: string): void {
    const select = this.querySelector<HTMLSelectElement>(".shop-ask select");
    if (select === null) return;
    select.value = machine;
    select.form?.scrollIntoView({ block: "start" });
    select.focus({ preventScroll: true });
  }

  #asking(shop: Shop): TemplateResult {
    const { say, clock, busy } = this;
    const nameOf = (id: string): string => this.#option(id);
    return askForm({ ...{ say, clock, busy, shop, nameOf }, now: this.#words.now, submit: this.#submit });
  }

  #option(id: string): string {
    const machine = this.#name(id);
    const untrained = trainingKey(this.shop?.training?.[id], this.#words.now) === "none";
    return untrained ? this.#tell("option", { machine }) : machine;
  }

  #machine(machine: MachineReport, jobs: readonly ShopJob[]): TemplateResult {
    const { say, wording } = this;
    const word = machineWord(machine, jobs);
    const power = machine.powerW === null ? "" : powerText(machine.powerW, wording.language);
    const hint = word === "locked" && machine.locked !== null ? this.#why(machine.locked) : "";
    const note = word === "free" && machine.byPermit ? say("shop-by-permit") : hint;
    return html`<li class="shop-machine is-${word}">
      ${
        this.#may
          ? html`<button class="shop-pick" @click=${() => this.#pick(machine.id)}>${this.#name(machine.id)}<span class="for-readers"> ${say("shop-ask-title")}</span></button>`
          : html`<strong>${this.#name(machine.id)}</strong>`
      }
      <span class="shop-word">${say(`shop-${word}`)}</span>
      <small>${[power, note].filter((part) => part !== "").join(" · ")}</small>
      ${trainingNote(this.shop?.training?.[machine.id], { say: this.#tell, clock: this.clock, now: this.#words.now })}
      ${dueCare(machine).map((care) => this.#care(machine, care))}
      ${oopsView({
        ...{ machine: machine.id, name: this.#name(machine.id), held: this.shop?.held?.[machine.id] },
        ...{ may: this.#may, say, act: (method, path, body) => this.#act(method, path, body) },
      })}
    </li>`;
  }

  #care(
    { id, runMs }: MachineReport,
    { name, leftMs, leftStarts }: MachineReport["care"][number],
  ): TemplateResult {
    const { say, me, wording } = this;
    const isDue = (leftMs ?? 1) <= 0 || (leftStarts ?? 1) <= 0;
    const ran = ageText(runMs, wording.language);
    const may = me?.person != null && mayAs(me.person.role, "technician");
    return html`<small class="shop-care">${say(isDue ? "shop-care-due" : "shop-care-soon", { name, ran })}
      ${may ? html`<button class="plain" @click=${() => this.#act("POST", `machines/${id}/cared`, { care: name })}>${say("shop-cared")}</button>` : nothing}
    </small>`;
  }

  #open(job: ShopJob): TemplateResult {
    const { say, busy } = this;
    const words = this.#words;
    const { promise, alternative, state, mine, id } = job;
    return html`<li class="shop-job">
      <p><strong>${this.#name(job.machine)}</strong>${job.what === undefined ? nothing : html` · ${job.what}`}
        <span class="shop-word">${say(`shop-job-${state}`)}</span>
        ${promise === null ? nothing : html`<span class="shop-time">${timeText(promise, words)}</span>`}</p>
      <p>${this.#why(job.why)}.</p>
      ${promise === null || job.ranFrom !== null ? nothing : html`<small>${takesText(promise, { say, language: words.language })}</small>`}
      ${job.ranFrom === null ? nothing : html`<small>${say("shop-so-far", { energy: energyText(job.energyWh, words.language), time: ageText(job.workedMs, words.language) })}</small>`}
      ${
        mine && state === "promised" && alternative !== null && alternative.at >= words.now
          ? html`<p class="shop-other"><small>${say("shop-or", { time: timeText(alternative, words), takes: takesText(alternative, { say, language: words.language }) })}</small>
            <button class="plain" ?disabled=${busy} @click=${() => this.#act("POST", `jobs/${id}/alternative`)}>${say("shop-take")}<span class="for-readers"> ${this.#name(job.machine)}</span></button></p>`
          : nothing
      }
      ${presenceView(job, { say: this.#tell, machine: this.#name(job.machine), act: (path) => void this.#act("POST", path) })}
      ${mine ? html`<button class="plain" ?disabled=${busy} @click=${() => this.#act("DELETE", `jobs/${id}`)}>${say("shop-cancel")}<span class="for-readers"> ${this.#name(job.machine)}</span></button>` : nothing}
    </li>`;
  }

  #over(job: ShopJob): TemplateResult {
    const { say } = this;
    const { language, now } = this.#words;
    const sun =
      job.sunWh === null || job.energyWh <= 0
        ? ""
        : say("shop-sun", { share: shareText(job.sunWh / job.energyWh, language) });
    const used =
      job.energyWh > 0 ? `${energyText(job.energyWh, language)}${sun === "" ? "" : `, ${sun}`}` : "";
    return html`<li><strong>${this.#name(job.machine)}</strong>${job.what === undefined ? nothing : html` · ${job.what}`}
      <span class="shop-word">${say(`shop-job-${job.state}`)}</span>
      <time>${job.endedAt === null ? "" : this.clock.when(job.endedAt, now)}</time> ${used}
      ${job.state === "done" ? nothing : html`<small>${this.#why(job.why)}.</small>`}</li>`;
  }

  #trainings(): TemplateResult | typeof nothing {
    if (Object.keys(this.shop?.training ?? {}).length === 0 || this.me?.person?.via === "screen")
      return nothing;
    const given = { say: this.#tell, clock: this.clock, names: this.wording.names };
    return html`<details class="people shop-trainings" @toggle=${loadTrainings}>
      <summary><h3>${this.#tell("title")}</h3></summary>
      <gridwright-trainings .given=${given}></gridwright-trainings>
    </details>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { say, shop, answer } = this;
    if (shop === undefined || shop.machines.length === 0) return nothing;
    const { open, over } = grouped(shop);
    const may = this.#may;
    return html`<h2>${this.pageSay("shop")}</h2>
      <ul class="shop-machines">${shop.machines.map((machine) => this.#machine(machine, open))}</ul>
      ${may ? html`<h3>${say("shop-ask-title")}</h3>${this.#asking(shop)}` : nothing}
      <p class="answer" role="status">${answer ?? nothing}</p>
      <h3>${say("shop-queue")}</h3>
      ${open.length === 0 ? html`<p class="soft">${say("shop-empty")}</p>` : html`<ul>${open.map((job) => this.#open(job))}</ul>`}
      ${over.length === 0 ? nothing : html`<h3>${say("shop-over")}</h3><ul class="shop-over">${over.map((job) => this.#over(job))}</ul>`}
      ${this.#trainings()}`;
  }
}
