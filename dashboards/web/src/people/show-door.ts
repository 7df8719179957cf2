// Puts the door in the page's place, or lets a screen in by the link that it was given.
import type { Language } from "@gridwright/contract/reasons.ts";
import { ask } from "./asking.ts";
import { broughtBy, Door } from "./door.ts";
import { sayOfDoor } from "./door-words.ts";

const TAG = "gridwright-door";

/** Stands in the page's place until whose role must have a second step has set it up. */
export async function showSecond(root: HTMLElement, language: Language): Promise<void> {
  const [{ defineSecond, SecondPart }, { sayOfPeople }] = await Promise.all([
    import("./second-part.ts"),
    import("./people-words.ts"),
  ]);
  defineSecond();
  const say = sayOfPeople(language);
  const [main, title, due] = ["main", "h1", "p"].map((tag) => document.createElement(tag));
  if (main === undefined || title === undefined || due === undefined) return;
  main.className = "door card people";
  title.textContent = say("second");
  due.textContent = say("second-due");
  main.append(title, due, Object.assign(new SecondPart(), { language, must: true }));
  document.documentElement.lang = language;
  root.replaceChildren(main);
}

/** True: the door stands there. False: a screen came in and the page begins anew. */
export async function showDoor(root: HTMLElement, language: Language, fresh: boolean): Promise<boolean> {
  const [, screen] = /^#screen=([\w-]{16,100})$/.exec(location.hash) ?? [];
  if (screen !== undefined && (await ask("POST", "join", { as: "screen", invite: screen })).ok) {
    location.hash = "";
    location.reload();
    return false;
  }
  if (customElements.get(TAG) === undefined) customElements.define(TAG, Door);
  const door = Object.assign(new Door(), {
    say: sayOfDoor(language),
    fresh,
    brought: broughtBy(location.hash),
  });
  document.documentElement.lang = language;
  root.replaceChildren(door);
  return true;
}
