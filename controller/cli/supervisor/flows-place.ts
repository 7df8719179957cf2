// Where a start runs the technicians' flows: a free port of loopback, and two secrets that nobody keeps.
import { randomBytes } from "node:crypto";
import type { FlowsPlace } from "@gridwright/contract/flows-place.ts";
import { freePort } from "./ports.ts";

const EDITOR_PORT = 18_800;
const SECRET_BYTES = 24;

/** `taken`: ports that others will take. */
export async function newFlowsPlace(taken: Set<number>): Promise<FlowsPlace> {
  const secret = (): string => randomBytes(SECRET_BYTES).toString("base64url");
  return { port: await freePort(EDITOR_PORT, taken), token: secret(), key: secret() };
}
