// The whole page from its context. The first view top down as a member reads it: what is wrong, how much there is, where it
// flows, who has supply, what happened and why; the other views are loaded when they are opened.
import { LANGUAGES } from "@gridwright/contract/reasons.ts";
import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { alarmsView } from "./alarms/alarms-view.ts";
import type { Context } from "./context.ts";
import { devicesView } from "./devices/devices-view.ts";
import { fairnessView } from "./fairness/fairness-view.ts";
import { flowView } from "./flow/flow-view.ts";
import { homeView } from "./home/home-view.ts";
import { isLive, lagOf } from "./live/merge.ts";
import { loadsView } from "./loads/loads-view.ts";
import { lostView, moodView } from "./mood/mood-view.ts";
import { pastView } from "./past/past-view.ts";
import { peopleCards } from "./people/closed-cards.ts";
import { personView } from "./people/person-view.ts";
import { planView } from "./plan/plan-view.ts";
import { storyView } from "./story/story-view.ts";
import { lazyView } from "./view/lazy-view.ts";
import { navView } from "./view/nav-view.ts";
import { isLazy } from "./view/views.ts";
import { workshopView } from "./workshop/workshop-view.ts";

const NAMES = { en: "English", es: "Español" } as const;

const languagesView = ({ say, language, act }: Context): TemplateResult =>
  html`<div class="languages" role="group" aria-label=${say("language")}>
    ${LANGUAGES.map(
      (other) =>
        html`<button lang=${other} aria-pressed=${other === language} @click=${() => act.language(other)}>
          ${NAMES[other]}
        </button>`,
    )}
  </div>`;

function headView(context: Context): TemplateResult {
  const { known, say, clock, plant, wall } = context;
  const live = isLive(known);
  const { speed } = known.state;
  const pulse = say(speed === 1 ? "live" : speed > 1 ? "hurried" : "slowed");
  return html`<header>
    <div>
      <h1>${known.site.name}</h1>
      <p class="subtitle">${say("title")}</p>
    </div>
    <div class="head-right">
      <p class="pulse ${live ? "is-live" : "is-old"}">
        <span class="dot"></span> ${live ? pulse : say("old")} ·
        <time>${clock.when(plant, wall)}</time>
      </p>
      ${personView(context)} ${languagesView(context)}
    </div>
  </header>`;
}

/** Cards and tables change with the news, not with every movement of the flow: a cheap phone has better things to do. */
const calm = (context: Context, view: (context: Context) => TemplateResult | typeof nothing) =>
  guard(
    [
      context.known.news,
      context.known.link,
      Math.floor(lagOf(context.known) / 1_000),
      context.language,
      context.card,
      context.plan,
      context.me,
      context.answers,
    ],
    () => view(context),
  );

/** What lies below what a phone shows at once. */
const middleView = (context: Context): TemplateResult =>
  html`<div class="columns">${flowView(context)} ${storyView(context)}</div>
    ${calm(context, planView)}`;

const restView = (context: Context): TemplateResult =>
  html`${workshopView(context)} ${calm(context, loadsView)} ${calm(context, fairnessView)} ${calm(context, pastView)} ${calm(context, devicesView)} ${peopleCards(context)}`;

const nowView = (context: Context): TemplateResult =>
  html`${calm(context, alarmsView)} ${moodView(context)} ${calm(context, homeView)}
    ${context.depth === "top" ? nothing : middleView(context)} ${context.depth === "whole" ? restView(context) : nothing}`;

/** What is read from afar, and nothing that wants a hand. */
/** A person who looks at the page as a screen would finds back; a screen has nowhere to go. */
const wallLeave = ({ me, say }: Context): TemplateResult | typeof nothing =>
  me?.person?.via === "screen" ? nothing : html`<p><a href="#now">${say("wall-leave")}</a></p>`;

const wallView = (context: Context): TemplateResult =>
  html`${calm(context, alarmsView)} ${moodView(context)}
    <div class="columns">${flowView(context)} ${storyView(context)}</div>
    ${workshopView(context)} ${calm(context, planView)}`;

function bodyView(context: Context): TemplateResult {
  const { view } = context;
  if (isLazy(view)) return lazyView(view, context);
  return view === "wall" ? wallView(context) : nowView(context);
}

export const pageView = (context: Context): TemplateResult =>
  html`<div class="page ${isLive(context.known) ? "" : "not-live"} ${context.view}">
    ${headView(context)} ${navView(context)}
    <main tabindex="-1">${lostView(context)} ${bodyView(context)}</main>
    <footer>
      <p>${context.say("footer")}</p>
      ${context.view === "wall" ? wallLeave(context) : html`<p><a href="#wall">${context.say("wall-link")}</a></p>`}
    </footer>
  </div>`;
