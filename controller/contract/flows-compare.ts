// What two versions of flows have not in common: nodes that are new, gone or changed, each change by its property. Moving a
// node is none. Pure.
import { z } from "zod";
import { canonicalNode } from "./flows-canonical.ts";

const CHARS_MAX = 300;
const Named = z.strictObject({ id: z.string(), type: z.string(), name: z.string() });
const Change = z.strictObject({
  key: z.string(),
  before: z.string().nullable().describe("as JSON, shortened; null: it was not there"),
  after: z.string().nullable(),
});
export const FlowsCompared = z.strictObject({
  added: z.array(Named),
  removed: z.array(Named),
  changed: z.array(Named.extend({ changes: z.array(Change) })),
});
export type FlowsCompared = z.output<typeof FlowsCompared>;

type Node = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const nameOf = (node: Node): z.output<typeof Named> => ({
  ...{ id: text(node.id), type: text(node.type) },
  name: text(node.name) || text(node.label),
});

const shown = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value).slice(0, CHARS_MAX);

function changesOf(before: Node, after: Node): z.output<typeof Change>[] {
  const [then, now] = [canonicalNode(before), canonicalNode(after)];
  const keys = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
  return keys
    .filter((key) => JSON.stringify(then[key]) !== JSON.stringify(now[key]))
    .map((key) => ({ key, before: shown(then[key]), after: shown(now[key]) }));
}

/** From `before` to `after`, in the order of the flows. */
export function compareFlows(before: readonly Node[], after: readonly Node[]): FlowsCompared {
  const then = new Map(before.map((node) => [node.id, node]));
  const now = new Map(after.map((node) => [node.id, node]));
  return {
    added: after.filter(({ id }) => !then.has(id)).map(nameOf),
    removed: before.filter(({ id }) => !now.has(id)).map(nameOf),
    changed: after.flatMap((node) => {
      const old = then.get(node.id);
      const changes = old === undefined ? [] : changesOf(old, node);
      return changes.length === 0 ? [] : [{ ...nameOf(node), changes }];
    }),
  };
}
