// SunSpec devices that are only read: an AC meter (model 203) and a battery (model 802). Which of them a device is
// follows from what its profile asks for; values are filled in when somebody reads.
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import type { RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import { type SunspecModelSpec, sunspecImage } from "@gridwright/protocols/sunspec/image.ts";
import { deviceQuantity } from "../plant/quantity.ts";
import type { PlantWorld } from "../plant/world.ts";

interface Kind {
  readonly model: SunspecModelSpec;
  /** Field of the model → point that it shows, and how much of the field's unit one of the point's is. */
  readonly fields: Readonly<Record<string, readonly [point: string, factor?: number]>>;
}

const METER_SCALES = { A_SF: -2, V_SF: -1, Hz_SF: -2, W_SF: 0, VA_SF: 0, VAR_SF: 0, TotWh_SF: 0 };
const METER: Kind = {
  model: { id: 203, values: METER_SCALES },
  fields: {
    W: ["power"],
    WphA: ["power_l1"],
    WphB: ["power_l2"],
    WphC: ["power_l3"],
    VA: ["apparent_power"],
    VAR: ["reactive_power"],
    AphA: ["current_l1"],
    AphB: ["current_l2"],
    AphC: ["current_l3"],
    PhVphA: ["voltage_l1"],
    PhVphB: ["voltage_l2"],
    PhVphC: ["voltage_l3"],
    Hz: ["frequency"],
    TotWhImp: ["energy_import"],
    TotWhExp: ["energy_export"],
  },
};
const BATTERY: Kind = {
  model: { id: 802, values: { SoC_SF: -1, SoH_SF: -1, V_SF: -2, A_SF: -1, AMax_SF: -1, W_SF: 0 } },
  fields: {
    SoC: ["soc", 100],
    SoH: ["soh", 100],
    V: ["battery_voltage"],
    A: ["battery_current"],
    AChaMax: ["charge_current_limit"],
    ADisChaMax: ["discharge_current_limit"],
    W: ["battery_power"],
  },
};

const negative = ({ profile }: DeviceModel, point: string): boolean =>
  profile.protocol === "sunspec" && profile.points[point]?.sign === -1;

/** The registers of a SunSpec meter or battery. */
export function sunspecReader(world: PlantWorld, device: DeviceModel): RegisterImage {
  const { model, fields } = device.points.includes("soc") ? BATTERY : METER;
  const about = { Mn: "gridwright", Md: "Simulated device", Vr: "1.0", SN: device.id, DA: device.spec.unit };
  const image = sunspecImage({ models: [{ id: 1, values: about }, model] });
  return {
    read: (table, address, count) => {
      for (const [field, [point, factor = 1]] of Object.entries(fields)) {
        const value = deviceQuantity(world, device.id, point);
        const sign = negative(device, point) ? -1 : 1;
        image.set(
          `${model.id}:${field}`,
          typeof value === "number" && Number.isFinite(value) ? value * factor * sign : undefined,
        );
      }
      return image.read(table, address, count);
    },
    write: (table, address, values) => image.write(table, address, values),
  };
}
