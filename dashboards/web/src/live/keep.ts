// What this browser remembers: the last known state with the plan, and who looked at it. It is drawn before anybody is
// asked, and when the controller's computer cannot be reached. Always shown as old.
import type { ApiSite, ApiState } from "@gridwright/contract/api.ts";
import type { PlanReport } from "@gridwright/contract/plan/site-plan.ts";
import type { Me } from "../people/asking.ts";
import type { Known } from "./merge.ts";

const KEY = "gridwright-last";
const VERSION = 2;
const DECISIONS_KEPT = 40;

/** What stands beside the state; undefined: not told yet. */
interface Beside {
  readonly me: Me | undefined;
  readonly plan: PlanReport | undefined;
}

interface Kept extends Partial<Beside> {
  readonly version: number;
  readonly site: ApiSite;
  readonly state: ApiState;
  readonly heardAt: number;
}

export interface Remembered extends Beside {
  readonly known: Known | undefined;
}

/** False where the browser keeps nothing (full, or forbidden); the page works without. */
export function keep({ site, state, heardAt }: Known, { me, plan }: Beside, storage: Storage): boolean {
  const kept = {
    version: VERSION,
    site,
    state: { ...state, decisions: state.decisions.slice(0, DECISIONS_KEPT) },
    ...{ heardAt, me, plan },
  } satisfies Kept;
  return put(storage, KEY, JSON.stringify(kept));
}

/** Nothing of the site stays in this browser. */
export const forget = (storage: Storage): void => storage.removeItem(KEY);

/** Remembers text; false where the browser refuses. */
export function put(storage: Storage, key: string, text: string): boolean {
  try {
    storage.setItem(key, text);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

const NOTHING: Remembered = { known: undefined, me: undefined, plan: undefined };

/** What was kept, as memory; nothing where there is none or it is of another version. */
export function remembered(storage: Storage): Remembered {
  const kept = read(storage.getItem(KEY) ?? "null");
  if (kept?.version !== VERSION) return NOTHING;
  const { site, state, heardAt, me, plan } = kept;
  return { known: { site, state, link: "memory", news: 0, heardAt, quietMs: 0 }, me, plan };
}

function read(text: string): Kept | null {
  try {
    return JSON.parse(text) as Kept | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
