// The place of the workshop on the page; what fills it is loaded once a site has machines.
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";

const TAG = "gridwright-workshop";

async function load(): Promise<void> {
  const { Workshop } = await import("./workshop-element.ts");
  if (customElements.get(TAG) === undefined) customElements.define(TAG, Workshop);
}

/** Nothing where there is no machine, or nobody knows who looks. */
export function workshopView(context: Context): TemplateResult | typeof nothing {
  const { known, say, clock, wording, me, now } = context;
  if (me?.person == null || known.site.assets.every(({ kind }) => kind !== "machine")) return nothing;
  if (customElements.get(TAG) === undefined) void load();
  return html`<section class="card workshop" aria-label=${say("shop")}>
    <gridwright-workshop .pageSay=${say} .clock=${clock} .wording=${wording} .me=${me} .now=${now}></gridwright-workshop>
  </section>`;
}
