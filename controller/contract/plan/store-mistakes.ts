// What a schema cannot see in vehicles and heaters of a planning case: trips that overlap or use more than was there, a draw of
// heat of the wrong length.
import type { Mistake } from "../site/model.ts";
import type { PlanCase } from "./case.ts";
import type { PlanVehicle } from "./stores.ts";

type Path = Mistake["path"];
const at = (path: Path, message: string): Mistake => ({ path, message });

function tripMistakes({ capacityWh, trips }: PlanVehicle, vehicle: Path, steps: number): Mistake[] {
  return trips.flatMap(({ leaveStep, returnStep, socLeave, usesWh }, index): Mistake[] => {
    const say = (key: string, message: string): Mistake => at([...vehicle, "trips", index, key], message);
    const before = trips[index - 1];
    if (leaveStep > steps) return [say("leaveStep", `${leaveStep} is after the case's ${steps} steps`)];
    if (returnStep !== undefined && returnStep <= leaveStep)
      return [say("returnStep", `${returnStep} is not after leaveStep ${leaveStep}`)];
    if (before !== undefined && leaveStep < (before.returnStep ?? steps + 1))
      return [say("leaveStep", `${leaveStep} lies before the return from the trip before it`)];
    return usesWh > socLeave * capacityWh
      ? [say("usesWh", `${usesWh} Wh is more than the ${socLeave * capacityWh} Wh with which it leaves`)]
      : [];
  });
}

/** What each misses is told by its id. */
const sharedIds = ({ vehicles, heaters }: PlanCase): Mistake[] =>
  heaters.flatMap(({ id }, index) =>
    vehicles.some((vehicle) => vehicle.id === id)
      ? [at(["heaters", index, "id"], `"${id}" is a vehicle already; their ids differ`)]
      : [],
  );

export const storeMistakes = (plan: PlanCase): Mistake[] => [...sharedIds(plan), ...ownMistakes(plan)];

const ownMistakes = ({ vehicles, heaters, steps }: PlanCase): Mistake[] => [
  ...vehicles.flatMap((vehicle, index) => tripMistakes(vehicle, ["vehicles", index], steps)),
  ...heaters.flatMap(({ demandW }, index) =>
    demandW.length === steps
      ? []
      : [
          at(
            ["heaters", index, "demandW"],
            `has ${demandW.length} values; the case has ${steps} steps, one value each`,
          ),
        ],
  ),
];
