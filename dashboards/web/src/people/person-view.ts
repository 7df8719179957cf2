// Who looks at the page, in its head: the name with the way out; in the demo the role that one looks in.
import { PERSON_ROLES, type PersonRole } from "@gridwright/contract/roles.ts";
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";

export function personView({ me, say, act }: Context): TemplateResult | typeof nothing {
  if (me?.person == null) return nothing;
  const { person, demo } = me;
  if (!demo)
    return html`<p class="person">
      ${person.name} · ${say(`role-${person.role}`)}
      ${person.via === "screen" ? nothing : html`<button class="plain" @click=${act.signOut}>${say("sign-out")}</button>`}
    </p>`;
  return html`<label class="person">
    ${say("demo-role")}
    <select
      .value=${person.role}
      @change=${(event: Event) => act.demoRole((event.target as HTMLSelectElement).value as PersonRole)}
    >
      ${PERSON_ROLES.map(
        (role) =>
          html`<option value=${role} ?selected=${role === person.role}>${say(`role-${role}`)}</option>`,
      )}
    </select>
  </label>`;
}
