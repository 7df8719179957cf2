// A PV array's inverter as a SunSpec device of IEEE 1547: models 1, 701, 702 and 704. Unlike model 123 its limit has a
// value of its own for the time when nobody renews it.
import { PHASES } from "@gridwright/contract/points.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import type { RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import {
  type SunspecImage,
  type SunspecModelSpec,
  sunspecImage,
} from "@gridwright/protocols/sunspec/image.ts";
import type { ArrayState } from "../plant/photovoltaics.ts";
import { deviceQuantity } from "../plant/quantity.ts";
import type { PlantWorld } from "../plant/world.ts";
import { control704 } from "./sunspec-704.ts";

/** Whether a device's profile wants a control that keeps a value of its own: only model 704 does. */
export const wants704 = ({ profile }: DeviceModel): boolean =>
  profile.protocol === "sunspec" &&
  Object.values(profile.points).some(
    ({ sunspec, write }) => write !== undefined && sunspec.every((reference) => reference.startsWith("704:")),
  );

export type Ask = (point: string) => number | undefined;

/** What the array's own points say, through the same faults as every device; array points stand under its asset. */
export function asker(world: PlantWorld, device: string): Ask {
  return (point) => {
    const value = deviceQuantity(world, device, point);
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
}

const SCALES = { A_SF: -2, V_SF: -1, Hz_SF: -2, W_SF: 0, VA_SF: 0, Var_SF: 0, TotWh_SF: 0, Tmp_SF: -1 };

const models = ({ rating }: ArrayState, serial: string): readonly SunspecModelSpec[] => [
  { id: 1, values: { Mn: "gridwright", Md: "Simulated DER", Vr: "1.0", SN: serial, DA: 1 } },
  { id: 701, values: { ...SCALES, ACType: 2 } },
  { id: 702, values: { W_SF: 0, WMaxRtg: rating, WMax: rating } },
];

function measured(world: PlantWorld, device: string, array: ArrayState): Record<string, number | undefined> {
  const ask = asker(world, device);
  const values: Record<string, number | undefined> = {
    W: ask("power"),
    VA: ask("apparent_power"),
    Var: ask("reactive_power"),
    Hz: ask("frequency"),
    TotWhInj: ask("energy_generated"),
    TmpCab: world.airCelsius + 25 * (array.powerW / array.rating),
  };
  for (const name of PHASES) {
    values[`V${name}`] = ask(`voltage_${name.toLowerCase()}`);
    values[`A${name}`] = ask(`current_${name.toLowerCase()}`);
    values[`W${name}`] = ask(`power_${name.toLowerCase()}`);
  }
  return values;
}

/** The registers of the inverter of an array. */
export function sunspecDer(world: PlantWorld, device: DeviceModel, array: ArrayState): RegisterImage {
  const control = control704(world, array.id, "limit");
  const image: SunspecImage = sunspecImage({
    models: [...models(array, device.id), control.model],
    onWrite: (references) => control.written(image, references),
  });
  return {
    read(table, address, count) {
      for (const [name, value] of Object.entries(measured(world, device.id, array)))
        image.set(`701:${name}`, value);
      control.refresh(image);
      return image.read(table, address, count);
    },
    write: (table, address, values) => image.write(table, address, values),
  };
}
