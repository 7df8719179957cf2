// What nobody measures, told as if a device said it: a node's meter less those of its branches, where not every branch has
// one. It goes the way of every reading (journal, history, bus, page) and changes no decision.
import type { Sampling } from "@gridwright/contract/ports.ts";
import { unmeteredDevice } from "@gridwright/contract/site/unmetered.ts";
import { keptBeside } from "./kept-beside.ts";
import { layoutOf } from "./layout.ts";
import { residuals } from "./residual.ts";
import type { PlantState } from "./state.ts";
import type { Sight } from "./substitute.ts";
import { round } from "./tick.ts";

/** W; meters are not read at one instant, and nobody needs it closer. */
const STEP_W = 10;
const POINT = "unmetered";

const nodesOf = keptBeside((model: Sight["model"]): readonly string[] =>
  Object.values(model.assets).flatMap(({ id, points }) => (points[POINT] === undefined ? [] : [id])),
);

/** One sampling for each node that has something unmetered below it; absent where a meter cannot be read. */
export function unmeteredNow(model: Sight["model"], state: PlantState): readonly Sampling[] {
  const nodes = nodesOf(model);
  if (nodes.length === 0) return [];
  const found = new Map(
    residuals({ model, layout: layoutOf(model), state })
      .filter(({ complete }) => !complete)
      .map(({ node, watts }) => [node, round(watts, STEP_W)]),
  );
  return nodes.map((node) => {
    const value = found.get(node);
    const sample =
      value === undefined ? { point: POINT, absent: "not-available" as const } : { point: POINT, value };
    return { device: unmeteredDevice(node), at: state.now, samples: [sample] };
  });
}
