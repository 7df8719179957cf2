// A drawn site as the text of a site file, one line for each entry, as people write them.
import { Document, isMap, isPair, type Node, visit } from "yaml";
import type { Entry } from "./draft.ts";

const LINE_WIDTH = 110;
/** From this depth on a map stands on one line: links, devices, assets below their section. */
const FLOW_FROM = 2;

export function siteText(file: Entry): string {
  const document = new Document(file, { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_, node: Node & { flow?: boolean }, path) {
      const depth = path.filter(isPair).length;
      if (depth >= FLOW_FROM || (depth === 1 && !isMap(node))) node.flow = depth >= FLOW_FROM;
    },
  });
  return document.toString({ lineWidth: LINE_WIDTH });
}
