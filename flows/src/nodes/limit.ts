// Asks the controller that a load, or the sun, takes or gives at most a share of its rating, for a stated time and a stated
// reason, and shows what became of it. What was granted ends by itself, or with this node.
import type { Red } from "../red.ts";
import { limitOf } from "../site/wish.ts";
import { registerAsking } from "./asking-node.ts";

export default (RED: Red): void =>
  registerAsking(RED, {
    type: "gridwright-limit",
    wishOf: limitOf,
    expects: "0 to 100 (%) or null",
  });
