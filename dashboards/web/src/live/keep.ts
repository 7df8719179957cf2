// The last known state in this browser, for when the controller's computer cannot be reached. Always shown as old.
import type { ApiSite, ApiState } from "@gridwright/contract/api.ts";
import type { Known } from "./merge.ts";

const KEY = "gridwright-last";
const VERSION = 1;
const DECISIONS_KEPT = 40;

interface Kept {
  readonly version: number;
  readonly site: ApiSite;
  readonly state: ApiState;
  readonly heardAt: number;
}

/** False where the browser keeps nothing (full, or forbidden); the page works without. */
export function keep({ site, state, heardAt }: Known, storage: Storage): boolean {
  const kept: Kept = {
    version: VERSION,
    site,
    state: { ...state, decisions: state.decisions.slice(0, DECISIONS_KEPT) },
    heardAt,
  };
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

/** What was kept, as memory; undefined when there is none or it is of another version. */
export function remembered(storage: Storage): Known | undefined {
  const kept = read(storage.getItem(KEY) ?? "null");
  if (kept?.version !== VERSION) return undefined;
  return { site: kept.site, state: kept.state, link: "memory", news: 0, heardAt: kept.heardAt, quietMs: 0 };
}

function read(text: string): Kept | null {
  try {
    return JSON.parse(text) as Kept | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
