// Asks the controller for a load on or off, for a stated time and a stated reason, and shows what became of it. What was
// granted ends by itself, or with this node.
import type { Red } from "../red.ts";
import { wishOf } from "../site/wish.ts";
import { registerAsking } from "./asking-node.ts";

export default (RED: Red): void =>
  registerAsking(RED, {
    type: "gridwright-request",
    wishOf: (payload, { wish }) => (wish && wish !== "payload" ? wishOf(wish) : wishOf(payload)),
    expects: "true, false or null",
  });
