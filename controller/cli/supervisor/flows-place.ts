// Where a start runs the technicians' flows: a free port of loopback, and two secrets that nobody keeps.
import { randomBytes } from "node:crypto";
import type { FlowsPlace } from "@gridwright/contract/flows-place.ts";
import { freePort } from "./ports.ts";

/** Any: people reach the editor through the page alone, and two sites on one machine never want the same. */
const EDITOR_PORT = 0;
const SECRET_BYTES = 24;

/** `taken`: ports that others will take. */
export async function newFlowsPlace(taken: Set<number>): Promise<FlowsPlace> {
  const secret = (): string => randomBytes(SECRET_BYTES).toString("base64url");
  return { port: await freePort(EDITOR_PORT, taken), token: secret(), key: secret() };
}
