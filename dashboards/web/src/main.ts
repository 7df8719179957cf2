// The page's composition root: joins line, memory, choices and drawing. Everything else is given what it needs.
import type { LedgerToday } from "@gridwright/contract/api-ledger.ts";
import type { PlanReport } from "@gridwright/contract/plan/site-plan.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import { render } from "lit";
import { type Acts, type Asked, type Choices, contextOf, DEPTHS } from "./context.ts";
import { type Desk, LINES_FIRST, newDesk, quietMs, save } from "./desk.ts";
import { forget, put } from "./live/keep.ts";
import { isFlowOnly, type Known, merge } from "./live/merge.ts";
import { marked, paceOf } from "./live/pace.ts";
import { createLine, type Listener } from "./live/stream.ts";
import { unreachedView } from "./offline/unreached-view.ts";
import { pageView } from "./page.ts";
import { ask, askMe } from "./people/asking.ts";
import { type Loading, load, viewFor } from "./view/views.ts";
import { LANGUAGE_KEY, sayIn } from "./words/words.ts";

const LINES_STEP = 10;
const KEEP_EVERY_MS = 10_000;
const AGE_EVERY_MS = 1_000;
const PLAN_EVERY_MS = 60_000;

/** The top of the page is painted before the rest is made, step by step: a cheap phone takes a second for all of it. */
function deepen(desk: Desk, redraw: () => void): void {
  const deeper = DEPTHS[DEPTHS.indexOf(desk.choices.depth) + 1];
  if (deeper === undefined) return;
  setTimeout(() => {
    desk.choices = { ...desk.choices, depth: deeper };
    redraw();
  });
}

function draw(desk: Desk, root: HTMLElement, act: Acts): void {
  desk.drawing = 0;
  if (desk.known === undefined && !desk.unreached) return;
  if (!desk.greeted) root.replaceChildren();
  desk.greeted = true;
  document.documentElement.lang = desk.choices.language;
  if (desk.known === undefined) return void render(unreachedView(sayIn(desk.choices.language)), root);
  document.title = desk.known.site.name;
  const pace = paceOf(desk.marks);
  const known = { ...desk.known, quietMs: quietMs(desk), ...(pace !== undefined && { pace }) };
  const { me, plan, today } = desk;
  render(pageView(contextOf(known, desk.choices, { wall: Date.now(), act, me, plan, today })), root);
}

/** What the account saw is no longer kept in this browser. */
async function leaveAccount({ storage }: Desk): Promise<void> {
  const { unsubscribe } = await import("./people/push-browser.ts");
  await unsubscribe();
  await ask("DELETE", "session");
  if (storage !== undefined) forget(storage);
  location.reload();
}

/** Shows the door to whom nobody knows; true when it does. */
async function standsOutside(desk: Desk, root: HTMLElement): Promise<boolean> {
  const told = await askMe();
  desk.unreached = !told.ok;
  if (!told.ok) return false;
  desk.me = told.data;
  const { person } = told.data;
  if (person !== null && !person.secondDue) return false;
  const { showDoor, showSecond } = await import("./people/show-door.ts");
  if (person !== null) {
    await showSecond(root, desk.choices.language);
    return true;
  }
  if (desk.storage !== undefined) forget(desk.storage);
  return showDoor(root, desk.choices.language, told.data.fresh);
}

/** What cannot be had leaves what is shown. */
async function askPlan(desk: Desk): Promise<void> {
  if (document.visibilityState !== "visible") return;
  const told = await ask<PlanReport>("GET", "plan");
  if (told.ok) desk.plan = told.data;
}

async function askToday(desk: Desk): Promise<void> {
  const member = desk.me?.person?.member;
  if (member === undefined || document.visibilityState !== "visible") return;
  const today = await ask<LedgerToday>("GET", `ledger/members/${member}/today`);
  if (today.ok) desk.today = today.data;
}

/** Takes the view that the address names, and loads it where it must be. */
async function openView(desk: Desk, redraw: () => void): Promise<void> {
  const view = viewFor(location.hash, desk.me);
  const turn = (loading: Loading): void => {
    desk.choices = { ...desk.choices, view, loading };
    redraw();
  };
  turn("loading");
  const loaded = await load(view);
  if (desk.choices.view === view) turn(loaded ? "ready" : "failed");
}

/** A person went to another view: it begins at its top, also for a reader's voice. */
function enterView(desk: Desk, redraw: () => void): void {
  void openView(desk, redraw);
  window.scrollTo(0, 0);
  document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
}

const actsOn = (desk: Desk, redraw: () => void): Acts => {
  const choose = (change: Partial<Choices>): void => {
    desk.choices = { ...desk.choices, ...change };
    redraw();
  };
  return {
    language: (language: Language) => {
      if (desk.storage !== undefined) put(desk.storage, LANGUAGE_KEY, language);
      choose({ language });
    },
    card: (card) => choose({ card, lines: LINES_FIRST }),
    signOut: () => void leaveAccount(desk),
    demoRole: (role) => void ask("POST", "demo-role", { role }).then(() => location.reload()),
    wish: (asset, on) => {
      const told = (answer: Asked): void => choose({ answers: { ...desk.choices.answers, [asset]: answer } });
      told("waiting");
      const why = sayIn(desk.choices.language)("home-why");
      void ask<Exclude<Asked, "waiting">>("POST", "requests", { kind: "switch", asset, on, why }).then(
        (answer) => told(answer.ok ? answer.data : { detail: answer.detail }),
      );
    },
    more: () => choose({ lines: desk.choices.lines + LINES_STEP }),
    reopen: () => void openView(desk, redraw),
  };
};

const listenerOf = (desk: Desk, redraw: () => void): Listener => {
  const know = (known: Known): void => {
    desk.known = known;
    redraw();
  };
  const hear = (known: Pick<Known, "site" | "state" | "news">): void => {
    desk.heardAt = performance.now();
    desk.unreached = false;
    if (known.state.t !== null) desk.marks = marked(desk.marks, { real: desk.heardAt, plant: known.state.t });
    know({ ...known, link: "open", heardAt: Date.now(), quietMs: 0 });
  };
  return {
    onSnapshot: (site, state) => {
      hear({ site, state, news: (desk.known?.news ?? 0) + 1 });
      save(desk);
      desk.offline.look();
    },
    onDelta: (delta) => {
      const { known } = desk;
      if (known === undefined) return;
      const news = known.news + (isFlowOnly(delta) ? 0 : 1);
      hear({ site: known.site, state: merge(known.state, delta), news });
    },
    onPing: () => {
      if (desk.known !== undefined) hear(desk.known);
    },
    onLost: () => {
      if (desk.known !== undefined && desk.known.link !== "lost") know({ ...desk.known, link: "lost" });
    },
  };
};

/** Draws at most once a frame, and nothing once the door stands in the page's place. */
function drawingOf(desk: Desk, root: HTMLElement): () => void {
  const redraw = (): void => {
    if (desk.drawing !== 0 || desk.outside) return;
    desk.drawing = requestAnimationFrame(() => {
      draw(desk, root, act);
      if (desk.known !== undefined) deepen(desk, redraw);
    });
  };
  const act = actsOn(desk, redraw);
  return redraw;
}

function start(root: HTMLElement): void {
  const desk = newDesk();
  const redraw = drawingOf(desk, root);
  const listener = listenerOf(desk, redraw);
  const look = async (): Promise<void> => {
    if (desk.outside) return;
    desk.outside = await standsOutside(desk, root);
    if (desk.outside) line.close();
    else if (viewFor(location.hash, desk.me) !== desk.choices.view) void openView(desk, redraw);
    else redraw();
    void askToday(desk);
    save(desk);
  };
  const line = createLine({
    ...listener,
    onLost: () => {
      listener.onLost();
      void look();
    },
  });
  const leave = (): void => {
    if (desk.outside) return;
    save(desk);
    line.close();
    listener.onLost();
  };
  const see = (): void => {
    if (desk.outside) return;
    if (document.visibilityState === "visible") line.open();
    else leave();
  };
  void openView(desk, redraw);
  window.addEventListener("hashchange", () => enterView(desk, redraw));
  document.addEventListener("visibilitychange", see);
  window.addEventListener("pageshow", see);
  window.addEventListener("pagehide", leave);
  setInterval(() => save(desk), KEEP_EVERY_MS);
  setInterval(redraw, AGE_EVERY_MS);
  setInterval(() => void askPlan(desk), PLAN_EVERY_MS);
  setInterval(() => void askToday(desk), PLAN_EVERY_MS);
  void askPlan(desk);
  see();
  redraw();
  void look();
}

const root = document.querySelector<HTMLElement>("#page");
if (root !== null) start(root);
