// Names for ids of people, of who still has an account; in the demo the roles that one takes there.
import type { Web } from "./options.ts";

/** `(id)` → what people call them. */
export function namesIn({ desk }: Pick<Web, "desk">): (id: string) => string {
  const names = new Map(desk.kept.now().accounts.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? (id.startsWith("demo-") ? id.slice("demo-".length) : "—");
}
