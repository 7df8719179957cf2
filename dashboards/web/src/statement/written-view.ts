// Lines that flows wrote beside the accounts of the month.
import type { LedgerAnswer } from "@gridwright/contract/api-ledger.ts";
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";

/** Nothing where nothing was written. */
export function writtenView(
  notes: LedgerAnswer["notes"],
  title: string,
  { clock, plant }: Pick<Context, "clock" | "plant">,
): TemplateResult | typeof nothing {
  if (notes.length === 0) return nothing;
  return html`<section class="card no-print" aria-labelledby="written">
    <h2 id="written">${title}</h2>
    <ul>${notes.map(({ at, text }) => html`<li><time>${clock.when(at, plant)}</time> ${text}</li>`)}</ul>
  </section>`;
}
