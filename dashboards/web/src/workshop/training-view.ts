// What the workshop's card says of trainings: how one's own stands at a machine, and who else must be there for a job.
import type { OwnTraining } from "@gridwright/contract/training.ts";
import { html, nothing, type TemplateResult } from "lit";
import type { ClockText } from "../text/clock.ts";
import type { SayOfTraining, TrainingKey } from "./training-words.ts";
import type { ShopJob } from "./workshop.ts";

/** It is said so long before it ends. */
const SOON_MS = 14 * 86_400_000;

interface Told {
  readonly say: SayOfTraining;
  readonly clock: ClockText;
  /** ms since 1970, plant time. */
  readonly now: number;
}

/** Which sentence tells how it stands; undefined: nothing need be said. */
export function trainingKey(own: OwnTraining | undefined, now: number): TrainingKey | undefined {
  if (own === undefined || own.trains) return undefined;
  if (own.until === null) return "none";
  return own.until - now < SOON_MS ? "soon" : "until";
}

export function trainingNote(
  own: OwnTraining | undefined,
  { say, clock, now }: Told,
): TemplateResult | typeof nothing {
  const key = trainingKey(own, now);
  if (key === undefined) return nothing;
  return html`<small class="shop-training is-${key}">${say(key, { when: clock.date(own?.until ?? now) })}</small>`;
}

/** Who else must be there, and the button of who is. */
export function presenceView(
  { id, needs, mayConfirm }: ShopJob,
  part: { readonly say: SayOfTraining; readonly machine: string; readonly act: (path: string) => void },
): TemplateResult | typeof nothing {
  if (needs === null || needs === undefined) return nothing;
  const { say, machine, act } = part;
  return html`<p class="shop-other"><small>${say(needs)}</small>
    ${mayConfirm ? html`<button class="plain" @click=${() => act(`jobs/${id}/confirm`)}>${say("confirm")}<span class="for-readers">: ${machine}</span></button>` : nothing}</p>`;
}
