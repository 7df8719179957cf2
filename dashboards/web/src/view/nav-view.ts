// The ways to the other views, beneath the head. Links, so that a keyboard, the back button and a bookmark work as ever.
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import { offered } from "./views.ts";

/** Nothing on a screen that only shows. */
export function navView({ say, view, me }: Context): TemplateResult | typeof nothing {
  if (view === "wall") return nothing;
  return html`<nav aria-label=${say("views")}>
    ${offered(me).map(
      (one) =>
        html`<a href="#${one}" aria-current=${one === view ? "page" : nothing}>${say(`view-${one}`)}</a>`,
    )}
  </nav>`;
}
