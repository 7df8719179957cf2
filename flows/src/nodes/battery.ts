// Asks the controller that a battery gives or takes a share of its greatest power, for a stated time and a stated reason, and
// shows what became of it. What was granted ends by itself, or with this node.
import type { Red } from "../red.ts";
import { setpointOf } from "../site/wish.ts";
import { registerAsking } from "./asking-node.ts";

export default (RED: Red): void =>
  registerAsking(RED, {
    type: "gridwright-battery",
    wishOf: setpointOf,
    expects: "-100 (take) to 100 (give), in %, or null",
  });
