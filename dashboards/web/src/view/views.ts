// The views of the page, each with an address of its own (`#technician`): what members see first stands in the first script,
// the others are loaded when they are opened.

import { mayAs } from "@gridwright/contract/roles.ts";
import type { Me } from "../people/asking.ts";

export const VIEWS = ["now", "community", "technician", "sheet", "statement", "year", "wall"] as const;
export type View = (typeof VIEWS)[number];
/** Loaded when opened. */
export type LazyView = Exclude<View, "now" | "wall">;
/** How far a view is that is loaded when opened. */
export type Loading = "loading" | "ready" | "failed";

/** The view that an address names; `now` where it names none. */
export const viewIn = (hash: string): View => VIEWS.find((view) => hash === `#${view}`) ?? "now";

/** A screen on a wall shows itself as one, whatever its address says. */
export function viewFor(hash: string, me: Me | undefined): View {
  return me?.person?.via === "screen" ? "wall" : viewIn(hash);
}

const OFFERED = ["now", "community", "technician"] as const satisfies readonly View[];

/** The views that are offered to who looks. */
export const offered = (me: Me | undefined): readonly (typeof OFFERED)[number][] =>
  OFFERED.filter(
    (view) => view !== "technician" || (me?.person != null && mayAs(me.person.role, "technician")),
  );

const LAZY: Readonly<Record<LazyView, () => Promise<CustomElementConstructor>>> = {
  community: async () => (await import("../community/community-element.ts")).Community,
  technician: async () => (await import("../technician/technician-element.ts")).Technician,
  statement: async () => (await import("../statement/statement-element.ts")).Statement,
  year: async () => (await import("../year/year-element.ts")).Year,
  sheet: async () => (await import("../sheet/sheet-element.ts")).Sheet,
};

export const isLazy = (view: View): view is LazyView => Object.hasOwn(LAZY, view);
const tagOf = (view: LazyView): string => `gridwright-${view}`;

/** Loads what a view consists of; false where it cannot be had now. */
export async function load(view: View): Promise<boolean> {
  if (!isLazy(view) || customElements.get(tagOf(view)) !== undefined) return true;
  try {
    const element = await LAZY[view]();
    if (customElements.get(tagOf(view)) === undefined) customElements.define(tagOf(view), element);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
