// Puts the door in the page's place, or lets a screen in by the link that it was given.
import type { Language } from "@gridwright/contract/reasons.ts";
import { sayIn } from "../words/words.ts";
import { ask } from "./asking.ts";
import { Door, inviteIn } from "./door.ts";

const TAG = "gridwright-door";

/** True: the door stands there. False: a screen came in and the page begins anew. */
export async function showDoor(root: HTMLElement, language: Language, fresh: boolean): Promise<boolean> {
  const [, screen] = /^#screen=([\w-]{16,100})$/.exec(location.hash) ?? [];
  if (screen !== undefined && (await ask("POST", "join", { as: "screen", invite: screen })).ok) {
    location.hash = "";
    location.reload();
    return false;
  }
  if (customElements.get(TAG) === undefined) customElements.define(TAG, Door);
  const door = Object.assign(new Door(), { say: sayIn(language), fresh, invite: inviteIn(location.hash) });
  document.documentElement.lang = language;
  root.replaceChildren(door);
  return true;
}
