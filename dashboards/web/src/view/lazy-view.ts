// A view that is loaded when it is opened: while it comes, when it cannot be had, and itself.
import { html, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import type { LazyView } from "./views.ts";

function elementOf(view: LazyView, context: Context): TemplateResult {
  switch (view) {
    case "community":
      return html`<gridwright-community .context=${context}></gridwright-community>`;
    case "technician":
      return html`<gridwright-technician .context=${context}></gridwright-technician>`;
    case "sheet":
      return html`<gridwright-sheet .context=${context}></gridwright-sheet>`;
    case "statement":
      return html`<gridwright-statement .context=${context}></gridwright-statement>`;
    case "year":
      return html`<gridwright-year .context=${context}></gridwright-year>`;
    default:
      return view satisfies never;
  }
}

export function lazyView(view: LazyView, context: Context): TemplateResult {
  const { say, loading, act } = context;
  if (loading === "ready") return elementOf(view, context);
  if (loading === "loading") return html`<p class="card" role="status">${say("view-loading")}</p>`;
  return html`<div class="card" role="alert">
    <p>${say("view-failed")}</p>
    <p><button class="plain" @click=${act.reopen}>${say("view-again")}</button></p>
  </div>`;
}
