// In place of the page while nobody answers and this browser remembers nothing.
import { html, type TemplateResult } from "lit";
import type { Say } from "../words/words.ts";

export const unreachedView = (say: Say): TemplateResult => html`<main class="card door" role="alert">
  <h1>${say("unreached")}</h1>
  <p>${say("unreached-more")}</p>
</main>`;
