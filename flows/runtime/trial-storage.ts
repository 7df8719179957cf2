// What Node-RED of a trial reads: the flows that are tried, once, and nothing else; nothing is kept. Pure but for telling when
// they are read, which is when they begin.
import type { FlowNode } from "./gate/flow-node.ts";
import type { Storage } from "./storage.ts";

/** Nodes that listen to a broker outside: no twin of theirs is there. */
const OUTSIDE: ReadonlySet<string> = new Set(["mqtt in", "mqtt-broker"]);

const nameOf = ({ name, id }: FlowNode): string => (typeof name === "string" && name !== "" ? name : id);

/** The flows as they may run on a twin, and who is off there. Site nodes lose their address: it would be the live one. */
export function forTrial(flows: readonly FlowNode[]): {
  readonly flows: readonly FlowNode[];
  readonly disabled: readonly string[];
} {
  const isOff = ({ type }: FlowNode): boolean => OUTSIDE.has(type);
  return {
    flows: flows.map(({ credentials: _secret, ...node }) => {
      const own = node as FlowNode;
      if (isOff(own)) return { ...own, d: true };
      return own.type === "gridwright-site" ? { ...own, url: "" } : own;
    }),
    disabled: flows.filter(isOff).map(nameOf),
  };
}

const refuse = async (): Promise<never> => {
  throw new Error("nothing is kept in a trial");
};

export const trialStorage = (flows: readonly FlowNode[], onRead: () => void): Storage => ({
  init: async () => undefined,
  async getFlows() {
    onRead();
    return flows;
  },
  ...{ saveFlows: refuse, saveLibraryEntry: refuse },
  getCredentials: async () => ({}),
  saveCredentials: async () => undefined,
  getSettings: async () => ({}),
  saveSettings: async () => undefined,
  getSessions: async () => ({}),
  saveSessions: async () => undefined,
  getLibraryEntry: async () => "",
});
