// A horizon as a program: every part of the plant adds its columns and rows, and keeps where they are.
import { createDraft, type Draft, type DraftOptions } from "./draft.ts";
import type { Horizon } from "./horizon.ts";
import { addBattery, type BatteryColumns } from "./parts/battery.ts";
import { addGenerator, type GeneratorColumns } from "./parts/generator.ts";
import { addGrid, type GridColumns } from "./parts/grid.ts";
import { addHeater, type HeaterColumns } from "./parts/heater.ts";
import { addJob, type JobColumns, shareMachines } from "./parts/job.ts";
import { addLoad, closeSteps, type LoadColumns } from "./parts/load.ts";
import { addVehicle, type VehicleColumns } from "./parts/vehicle.ts";

export interface Drawn {
  readonly draft: Draft;
  readonly grid: GridColumns;
  readonly batteries: readonly BatteryColumns[];
  readonly generators: readonly GeneratorColumns[];
  readonly loads: readonly LoadColumns[];
  readonly vehicles: readonly VehicleColumns[];
  readonly heaters: readonly HeaterColumns[];
  readonly jobs: readonly JobColumns[];
}

export function draw(horizon: Horizon, options: DraftOptions): Drawn {
  const draft = createDraft(horizon, options);
  const drawn = {
    draft,
    grid: addGrid(draft),
    batteries: horizon.batteries.map((state) => addBattery(draft, state)),
    generators: horizon.generators.map((state) => addGenerator(draft, state)),
    loads: horizon.loads.map((load) => addLoad(draft, load)),
    vehicles: horizon.vehicles.map((state) => addVehicle(draft, state)),
    heaters: horizon.heaters.map((state) => addHeater(draft, state)),
    jobs: horizon.jobs.map((state) => addJob(draft, state)),
  };
  shareMachines(draft, drawn.jobs);
  closeSteps(draft);
  return drawn;
}
