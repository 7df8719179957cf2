// «This was wrong»: a member contests a decision from its line in the story. What becomes of it stands in the card of contested
// decisions.
import { mayAs } from "@gridwright/contract/roles.ts";
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import { ask } from "../people/asking.ts";
import type { Entry } from "./story.ts";

async function contest(event: SubmitEvent, { say }: Context): Promise<void> {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const given = new FormData(form);
  const body = { decision: String(given.get("decision")), why: String(given.get("why")) };
  const told = await ask<object>("POST", "contests", body);
  const answer = form.querySelector("output");
  if (answer !== null)
    answer.textContent = told.ok ? say("contest-taken") : say("contest-refused", { why: told.detail });
  if (told.ok) form.reset();
}

/** Nothing for who may contest nothing. */
export function contestView({ decisions }: Entry, context: Context): TemplateResult | typeof nothing {
  const { say, me, wording } = context;
  const { person } = me ?? {};
  if (person == null || person.via === "screen" || !mayAs(person.role, "member")) return nothing;
  return html`<details class="contest-ask">
    <summary>${say("contest")}</summary>
    <form @submit=${(event: SubmitEvent) => contest(event, context)}>
      <label>${say("contest-which")}<select name="decision">${decisions.map(({ id, asset }) => html`<option value=${id}>${wording.names[asset] ?? asset}</option>`)}</select></label>
      <label>${say("contest-why")}<input name="why" maxlength="500" required /></label>
      <button class="plain">${say("contest-do")}</button>
      <output></output>
    </form>
  </details>`;
}
