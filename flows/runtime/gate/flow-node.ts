// A node of a flow file as Node-RED stores it: only what the gate looks at has a type.

export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly label?: string;
  /** The tab or subflow that it lies on. */
  readonly z?: string;
  readonly [key: string]: unknown;
}

/** What the gate must know of the site; none: it could not be asked. */
export interface KnownAsset {
  readonly id: string;
  readonly name: string;
  readonly switched: boolean;
  readonly control?: "switch" | "limit" | "setpoint";
  readonly tier?: number;
  readonly points: readonly string[];
}

export interface Complaint {
  /** The node; none: the flows as a whole. */
  readonly node?: FlowNode;
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export const complain = (node: FlowNode, code: string, params: Complaint["params"] = {}): Complaint => ({
  node,
  code,
  params,
});
