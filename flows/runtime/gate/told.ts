// The gate's complaints in words: one line each, with the node's name, its tab and its id, so that it is found.
import en from "../../src/words/gate-en.json" with { type: "json" };
import es from "../../src/words/gate-es.json" with { type: "json" };
import type { Complaint, FlowNode } from "./flow-node.ts";

const WORDS: Readonly<Record<"en" | "es", Readonly<Record<string, string>>>> = { en, es };
export type GateLanguage = keyof typeof WORDS;
/** What is beyond this is left for the next try. */
const LINES_MAX = 20;

const nameOf = (node: FlowNode, flows: readonly FlowNode[]): string => {
  const tab = flows.find(({ id }) => id === node.z);
  const place = tab === undefined ? "" : `${tab.label || tab.name || tab.id} › `;
  return `${place}${node.name || node.label || node.type} (${node.id})`;
};

function lineOf(
  { node, code, params }: Complaint,
  flows: readonly FlowNode[],
  language: GateLanguage,
): string {
  const said = (WORDS[language][code] ?? code).replaceAll(/\{(\w+)\}/g, (_whole, key: string) =>
    String(params[key] ?? "?"),
  );
  return node === undefined ? `• ${said}` : `• ${nameOf(node, flows)}: ${said}`;
}

export function toldOf(complaints: readonly Complaint[], flows: unknown, language: GateLanguage): string {
  const nodes = Array.isArray(flows) ? (flows as readonly FlowNode[]) : [];
  const lines = complaints.slice(0, LINES_MAX).map((one) => lineOf(one, nodes, language));
  return [WORDS[language].head, ...lines].join("\n");
}

/** Of the languages that a browser accepts, in their order. */
export const languageOf = (accepted: string | undefined): GateLanguage =>
  (accepted ?? "").toLowerCase().startsWith("es") ? "es" : "en";
