// Flows as one text that is the same whenever they do the same: sorted, without what the editor moves (places, sizes) and
// without secrets. Its hash names what was tried; whoever deploys makes the text again. Pure.

/** Where a node lies says nothing; that it lies somewhere makes it no configuration node. */
const PLACES: ReadonlySet<string> = new Set(["x", "y", "w", "h"]);
const SECRETS: ReadonlySet<string> = new Set(["credentials"]);
/** Ports of a subflow have places of their own. */
const PORTS: ReadonlySet<string> = new Set(["in", "out", "status"]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function sorted(value: unknown, leaves: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => sorted(one, leaves));
  if (!isObject(value)) return value;
  const keys = Object.keys(value).filter((key) => !leaves.has(key) && value[key] !== undefined);
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(value[key], leaves)]));
}

/** Of one node, its keys in order. */
export function canonicalNode(node: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const ports = node.type === "subflow" ? PORTS : new Set<string>();
  const entries = Object.entries(node).flatMap(([key, value]) =>
    PLACES.has(key) || SECRETS.has(key)
      ? []
      : [[key, sorted(value, ports.has(key) ? PLACES : new Set())] as const],
  );
  return { ...Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))), placed: "x" in node };
}

const idOf = ({ id }: Readonly<Record<string, unknown>>): string => String(id);

/** One text for all deploys that do the same. */
export const canonicalFlows = (flows: readonly Readonly<Record<string, unknown>>[]): string =>
  JSON.stringify(flows.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1)).map(canonicalNode));
