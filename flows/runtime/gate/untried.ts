// The last question of the gate: were these very flows tried on a twin of the site? What was kept before passes, moved nodes
// too, and so does what a technician gives a reason for. Where nobody can tell, they were not.
import { createHash } from "node:crypto";
import { canonicalFlows } from "@gridwright/contract/flows-canonical.ts";
import type { Complaint, FlowNode } from "./flow-node.ts";

export interface TriedParts {
  /** Versions that were deployed before. */
  readonly kept: () => Iterable<readonly FlowNode[]>;
  /** Undefined: nobody can tell. */
  readonly tried: (hash: string) => Promise<boolean | undefined>;
  /** Why it is deployed all the same. */
  readonly reason: string | undefined;
}

/** What is wrong; nothing: they may be deployed. */
export async function untriedIn(
  flows: readonly FlowNode[],
  { kept, tried, reason }: TriedParts,
): Promise<readonly Complaint[]> {
  if (reason !== undefined && reason !== "") return [];
  const text = canonicalFlows(flows);
  for (const version of kept()) if (canonicalFlows(version) === text) return [];
  const known = await tried(createHash("sha256").update(text).digest("hex"));
  if (known === true) return [];
  return [{ code: known === false ? "untried" : "untried-unknown", params: {} }];
}
