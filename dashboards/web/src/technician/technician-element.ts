// The technicians' view: alarms first, then lines, how the controller itself does, what may be asked of control, what the
// journal wrote last, and every device. It asks anew every few seconds while it is seen; a part that cannot be had says why.
import type { JournalTail, Processes } from "@gridwright/contract/api-past.ts";
import type { BusesMessage, BusStatus } from "@gridwright/contract/messages.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { openAlarms } from "../alarms/alarms.ts";
import { alarmList } from "../alarms/alarms-view.ts";
import type { Context } from "../context.ts";
import { deviceTable } from "../devices/devices-view.ts";
import { icon } from "../icons.ts";
import { ask, type Told } from "../people/asking.ts";
import { shareText } from "../text/numbers.ts";
import { type Tell, tellIn } from "../view/words.ts";
import { AlertsCard } from "./alerts-card.ts";
import { AskControl } from "./ask-control.ts";
import { DoctorCard } from "./doctor-card.ts";
import { FlowsCard } from "./flows-card.ts";
import { type Health, healthView } from "./health-view.ts";
import { lineOf } from "./journal-lines.ts";

const EVERY_MS = 5_000;
const RECORDS_SHOWN = 50;

interface Facts {
  readonly buses: Told<BusesMessage>;
  readonly processes: Told<Processes>;
  readonly health: Told<Health>;
  readonly tail: Told<JournalTail>;
}

export class Technician extends LitElement {
  static override properties = { context: {}, facts: { state: true } };
  declare context: Context;
  declare facts: Facts | undefined;
  readonly #asking = new AskControl(this);
  readonly #flows = new FlowsCard(this);
  readonly #alerts = new AlertsCard(this);
  readonly #doctor = new DoctorCard(this);
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

  get #mayLook(): boolean {
    const role = this.context.me?.person?.role;
    return role !== undefined && mayAs(role, "technician");
  }

  async #look(): Promise<void> {
    if (document.visibilityState !== "visible" || !this.#mayLook) return;
    void this.#flows.look();
    void this.#alerts.look();
    void this.#doctor.look();
    const [buses, processes, health, tail] = await Promise.all([
      ask<BusesMessage>("GET", "buses"),
      ask<Processes>("GET", "processes"),
      ask<Health>("GET", "health"),
      ask<JournalTail>("GET", `journal?limit=${RECORDS_SHOWN}`),
    ]);
    this.facts = { buses, processes, health, tail };
  }

  #alarms(tell: Tell): TemplateResult {
    const { context } = this;
    const alarms = [...openAlarms(context.known.state, false), ...openAlarms(context.known.state, true)];
    return html`<section class="card" aria-labelledby="tech-alarms">
      <h2 id="tech-alarms">${tell("tech-alarms")}</h2>
      ${
        alarms.length === 0
          ? html`<p class="with-icon">${icon("on")} ${tell("tech-no-alarms")}</p>`
          : alarmList(alarms, context, (alarm) => this.#asking.seenView(alarm, context))
      }
    </section>`;
  }

  #bus([id, bus]: readonly [string, BusStatus], tell: Tell): TemplateResult {
    const { language } = this.context;
    const { up, why = "?", requests, timeouts, strays, utilisation, latency } = bus;
    const count = (value: number): string => value.toLocaleString(language);
    const ms = (value: number): string => value.toLocaleString(language, { maximumFractionDigits: 0 });
    return html`<tr class="device-${up ? "ok" : "lost"}">
      <th scope="row">${id}</th>
      <td><span class="with-icon">${icon(up ? "on" : "alarm")} ${up ? tell("tech-bus-up") : tell("tech-bus-down", { why })}</span></td>
      <td>${utilisation === null ? "—" : shareText(utilisation, language)}</td>
      <td>${latency === undefined ? "—" : tell("tech-times-of", { p50: ms(latency.p50), p95: ms(latency.p95) })}</td>
      <td>
        ${tell("tech-timeouts", { timeouts: count(timeouts), requests: count(requests) })}${strays === 0 ? nothing : html`, ${tell("tech-strays", { strays: count(strays) })}`}
      </td>
    </tr>`;
  }

  #buses(tell: Tell): TemplateResult {
    const rows = (told: Told<BusesMessage>): TemplateResult => {
      if (!told.ok) return html`<p role="alert">${tell("tech-failed", { why: told.detail })}</p>`;
      const buses = Object.entries(told.data.buses);
      if (buses.length === 0) return html`<p>${tell("tech-no-buses")}</p>`;
      const heads = ["tech-bus", "tech-load", "tech-times", "tech-trouble"] as const;
      const [first, ...others] = heads.map((word) => html`<th scope="col">${tell(word)}</th>`);
      return html`<div class="table buses"><table>
        <thead><tr>${first}<th scope="col">${this.context.say("device-state")}</th>${others}</tr></thead>
        <tbody>${buses.map((bus) => this.#bus(bus, tell))}</tbody>
      </table></div>`;
    };
    return this.#part("tech-buses", tell, (facts) => rows(facts.buses));
  }

  #tail(tell: Tell): TemplateResult {
    const { clock, wording, plant } = this.context;
    return this.#part("tech-tail", tell, ({ tail }) => {
      if (!tail.ok) return html`<p role="alert">${tell("tech-failed", { why: tail.detail })}</p>`;
      if (tail.data.records.length === 0) return html`<p>${tell("tech-tail-none")}</p>`;
      return html`<ol class="tail" tabindex="0" aria-labelledby="tech-tail">
        ${tail.data.records.map(
          (record) => html`<li>
            <time datetime=${new Date(record.t).toISOString()}>${clock.when(record.t, plant)}</time>
            <b>${tell(`kind-${record.k}`)}</b> ${lineOf(record, wording, tell)}
          </li>`,
        )}
      </ol>`;
    });
  }

  #part(
    word: "tech-buses" | "tech-tail" | "tech-health",
    tell: Tell,
    view: (facts: Facts) => TemplateResult,
  ): TemplateResult {
    return html`<section class="card devices" aria-labelledby=${word}>
      <h2 id=${word}>${tell(word)}</h2>
      ${this.facts === undefined ? html`<p role="status">${tell("tech-waiting")}</p>` : view(this.facts)}
    </section>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { context } = this;
    if (context === undefined) return nothing;
    const tell = tellIn(context.language);
    const role = context.me?.person?.role;
    if (role === undefined || !mayAs(role, "technician"))
      return html`<p class="card">${tell("tech-only")}</p>`;
    return html`${this.#alarms(tell)} ${this.#buses(tell)}
      ${this.#part("tech-health", tell, (facts) => healthView(facts, context))} ${this.#doctor.view(context)}
      ${this.#asking.view(context)}
      ${this.#flows.view(context)}
      ${this.#alerts.view(context)} ${this.#tail(tell)}
      <section class="card devices" aria-labelledby="tech-devices">
        <h2 id="tech-devices">${context.say("devices")}</h2>
        ${deviceTable(context)}
      </section>
      <p><a href="#statement">${context.say("statement-link")}</a></p>`;
  }
}
