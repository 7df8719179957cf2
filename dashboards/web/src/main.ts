// The page's composition root: joins line, memory, choices and drawing. Everything else is given what it needs.
import type { PlanReport } from "@gridwright/contract/plan/site-plan.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import { render } from "lit";
import { type Acts, type Asked, type Choices, contextOf } from "./context.ts";
import { forget, keep, put, remembered } from "./live/keep.ts";
import { isFlowOnly, type Known, merge } from "./live/merge.ts";
import { type Mark, marked, paceOf } from "./live/pace.ts";
import { createLine, type Listener } from "./live/stream.ts";
import { pageView } from "./page.ts";
import { ask, askMe, type Me } from "./people/asking.ts";
import { chosenLanguage, LANGUAGE_KEY, sayIn } from "./words/words.ts";

const LINES_FIRST = 5;
const LINES_STEP = 10;
const KEEP_EVERY_MS = 10_000;
const AGE_EVERY_MS = 1_000;
const PLAN_EVERY_MS = 60_000;

/** What the page knows and what its reader chose; the only state there is. */
interface Desk {
  readonly storage: Storage | undefined;
  known: Known | undefined;
  /** By performance.now(), which no setting of the clock moves; undefined: nothing was heard yet. */
  heardAt: number | undefined;
  /** What was heard lately, to tell the pace of plant time by. */
  marks: readonly Mark[];
  choices: Choices;
  drawing: number;
  me: Me | undefined;
  plan: PlanReport | undefined;
  greeted: boolean;
}

/** The browser's memory, where it has one and lets us. */
function memory(): Storage | undefined {
  try {
    return window.localStorage;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

/** How long nothing was heard: by the page's own clock, for what it remembers by the calendar. */
const quietMs = ({ heardAt, known }: Desk): number =>
  heardAt === undefined ? Math.max(0, Date.now() - (known?.heardAt ?? 0)) : performance.now() - heardAt;

function draw(desk: Desk, root: HTMLElement, act: Acts): void {
  desk.drawing = 0;
  if (desk.known === undefined) return;
  if (!desk.greeted) root.replaceChildren();
  desk.greeted = true;
  document.documentElement.lang = desk.choices.language;
  document.title = desk.known.site.name;
  const pace = paceOf(desk.marks);
  const known = { ...desk.known, quietMs: quietMs(desk), ...(pace !== undefined && { pace }) };
  const { me, plan } = desk;
  render(pageView(contextOf(known, desk.choices, { wall: Date.now(), act, me, plan })), root);
}

function save({ known, storage }: Desk): void {
  if (known?.link === "open" && storage !== undefined) keep(known, storage);
}

/** What the account saw is no longer kept in this browser. */
async function leaveAccount({ storage }: Desk): Promise<void> {
  await ask("DELETE", "session");
  if (storage !== undefined) forget(storage);
  location.reload();
}

/** Shows the door to whom nobody knows; true when it does. */
async function standsOutside(desk: Desk, root: HTMLElement): Promise<boolean> {
  const told = await askMe();
  if (!told.ok) return false;
  desk.me = told.data;
  if (told.data.person !== null) return false;
  const { showDoor } = await import("./people/show-door.ts");
  return showDoor(root, desk.choices.language, told.data.fresh);
}

/** A plan that cannot be had leaves the one that is shown. */
async function askPlan(desk: Desk): Promise<void> {
  if (document.visibilityState !== "visible") return;
  const told = await ask<PlanReport>("GET", "plan");
  if (told.ok) desk.plan = told.data;
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
  };
};

const listenerOf = (desk: Desk, redraw: () => void): Listener => {
  const know = (known: Known): void => {
    desk.known = known;
    redraw();
  };
  const hear = (known: Pick<Known, "site" | "state" | "news">): void => {
    desk.heardAt = performance.now();
    if (known.state.t !== null) desk.marks = marked(desk.marks, { real: desk.heardAt, plant: known.state.t });
    know({ ...known, link: "open", heardAt: Date.now(), quietMs: 0 });
  };
  return {
    onSnapshot: (site, state) => {
      hear({ site, state, news: (desk.known?.news ?? 0) + 1 });
      save(desk);
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
      if (desk.known?.link === "open") know({ ...desk.known, link: "lost" });
    },
  };
};

function newDesk(): Desk {
  const storage = memory();
  const language = chosenLanguage(storage?.getItem(LANGUAGE_KEY) ?? null, navigator.language);
  return {
    storage,
    known: storage === undefined ? undefined : remembered(storage),
    heardAt: undefined,
    marks: [],
    choices: { language, card: undefined, lines: LINES_FIRST },
    drawing: 0,
    me: undefined,
    plan: undefined,
    greeted: false,
  };
}

function start(root: HTMLElement): void {
  const desk = newDesk();
  let outside = false;
  const redraw = (): void => {
    if (desk.drawing === 0 && !outside) desk.drawing = requestAnimationFrame(() => draw(desk, root, act));
  };
  const act = actsOn(desk, redraw);
  const listener = listenerOf(desk, redraw);
  const look = async (): Promise<void> => {
    if (outside) return;
    outside = await standsOutside(desk, root);
    if (outside) line.close();
    else redraw();
  };
  const line = createLine({
    ...listener,
    onLost: () => {
      listener.onLost();
      void look();
    },
  });
  const leave = (): void => {
    if (outside) return;
    save(desk);
    line.close();
    listener.onLost();
  };
  const see = (): void => {
    if (outside) return;
    if (document.visibilityState === "visible") line.open();
    else leave();
  };
  document.addEventListener("visibilitychange", see);
  window.addEventListener("pageshow", see);
  window.addEventListener("pagehide", leave);
  setInterval(() => save(desk), KEEP_EVERY_MS);
  setInterval(redraw, AGE_EVERY_MS);
  setInterval(() => void askPlan(desk), PLAN_EVERY_MS);
  void askPlan(desk);
  see();
  redraw();
  void look();
}

const root = document.querySelector<HTMLElement>("#page");
if (root !== null) start(root);
