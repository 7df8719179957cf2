// The admins' part of the page: closed until wanted, and loaded then.
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";

const TAG = "gridwright-admin";

async function load(event: Event): Promise<void> {
  if (!(event.target as HTMLDetailsElement).open || customElements.get(TAG) !== undefined) return;
  const { Admin } = await import("./admin.ts");
  if (customElements.get(TAG) === undefined) customElements.define(TAG, Admin);
}

export function adminView({ me, say, clock, known, wall }: Context): TemplateResult | typeof nothing {
  if (me?.person?.role !== "admin") return nothing;
  return html`<details class="card people devices" @toggle=${load}>
    <summary><h2>${say("admin")}</h2></summary>
    <gridwright-admin .say=${say} .clock=${clock} .members=${known.site.members} .wall=${wall}></gridwright-admin>
  </details>`;
}
