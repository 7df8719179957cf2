// What the doctor found, the gravest first, each with what to do; what is well is only counted. Asked for when the view is opened
// and each minute after. A controller of the view that shows it.
import {
  bySeverity,
  cureText,
  type DoctorReport,
  type Finding,
  findingText,
} from "@gridwright/contract/doctor-words.ts";
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";
import type { Context } from "../context.ts";
import { icon } from "../icons.ts";
import { ask, type Told } from "../people/asking.ts";
import { type Tell, tellIn } from "../view/words.ts";

const EVERY_MS = 60_000;

const isTold = ({ severity }: Finding): boolean => severity !== "ok" && severity !== "unknown";

export class DoctorCard implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #report: Told<DoctorReport> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#askedAt = Number.NEGATIVE_INFINITY;
  }

  /** Asks, unless it did so lately. */
  async look(): Promise<void> {
    const now = performance.now();
    if (now - this.#askedAt < EVERY_MS) return;
    this.#askedAt = now;
    this.#report = await ask<DoctorReport>("GET", "doctor");
    this.#host.requestUpdate();
  }

  #finding(finding: Finding, tell: Tell, { language }: Context): TemplateResult {
    const { severity } = finding;
    const cure = cureText(finding, language);
    const word =
      severity === "critical" || severity === "warning" ? (`doctor-${severity}` as const) : "doctor-info";
    return html`<li class="finding ${severity}">
      <p class="with-icon">${icon(severity === "info" ? "on" : "alarm")} <span><strong>${tell(word)}:</strong> ${findingText(finding, language)}</span></p>
      ${cure === undefined ? nothing : html`<p class="soft">${tell("doctor-cure")}: ${cure}</p>`}
    </li>`;
  }

  view(context: Context): TemplateResult | typeof nothing {
    const report = this.#report;
    if (report === undefined) return nothing;
    const tell = tellIn(context.language);
    const all = report.ok ? bySeverity(report.data.findings) : [];
    const told = all.filter(isTold);
    const rest = all.length - told.length;
    return html`<section class="card" aria-labelledby="tech-doctor">
      <h2 id="tech-doctor">${tell("doctor")}</h2>
      ${report.ok ? nothing : html`<p role="alert">${tell("tech-failed", { why: report.detail })}</p>`}
      ${told.length === 0 ? nothing : html`<ul class="findings">${told.map((finding) => this.#finding(finding, tell, context))}</ul>`}
      ${report.ok ? html`<p class="soft">${told.length === 0 ? tell("doctor-all-well") : tell("doctor-well", { count: String(rest) })}</p>` : nothing}
    </section>`;
  }
}
