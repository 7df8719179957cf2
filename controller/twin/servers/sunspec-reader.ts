// SunSpec devices that measure: an AC meter (model 203), a battery (model 802, told by 704) and a weather station (302, 307).
// Which of them a device is follows from what its profile asks for; values are filled in when somebody reads.
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import type { RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import {
  type SunspecImage,
  type SunspecModelSpec,
  sunspecImage,
} from "@gridwright/protocols/sunspec/image.ts";
import { deviceQuantity } from "../plant/quantity.ts";
import type { PlantWorld } from "../plant/world.ts";
import { type Control704, control704 } from "./sunspec-704.ts";
import { wants704 } from "./sunspec-der.ts";

interface Kind {
  readonly models: readonly SunspecModelSpec[];
  /** Field, as `203:W` → point that it shows, and how much of the field's unit one of the point's is. */
  readonly fields: Readonly<Record<string, readonly [point: string, factor?: number]>>;
}

const METER_SCALES = { A_SF: -2, V_SF: -1, Hz_SF: -2, W_SF: 0, VA_SF: 0, VAR_SF: 0, TotWh_SF: 0 };
const METER: Kind = {
  models: [{ id: 203, values: METER_SCALES }],
  fields: {
    "203:W": ["power"],
    "203:WphA": ["power_l1"],
    "203:WphB": ["power_l2"],
    "203:WphC": ["power_l3"],
    "203:VA": ["apparent_power"],
    "203:VAR": ["reactive_power"],
    "203:AphA": ["current_l1"],
    "203:AphB": ["current_l2"],
    "203:AphC": ["current_l3"],
    "203:PhVphA": ["voltage_l1"],
    "203:PhVphB": ["voltage_l2"],
    "203:PhVphC": ["voltage_l3"],
    "203:Hz": ["frequency"],
    "203:TotWhImp": ["energy_import"],
    "203:TotWhExp": ["energy_export"],
  },
};
const BATTERY: Kind = {
  models: [{ id: 802, values: { SoC_SF: -1, SoH_SF: -1, V_SF: -2, A_SF: -1, AMax_SF: -1, W_SF: 0 } }],
  fields: {
    "802:SoC": ["soc", 100],
    "802:SoH": ["soh", 100],
    "802:V": ["battery_voltage"],
    "802:A": ["battery_current"],
    "802:AChaMax": ["charge_current_limit"],
    "802:ADisChaMax": ["discharge_current_limit"],
    "802:W": ["battery_power"],
  },
};

const WEATHER: Kind = {
  models: [
    { id: 302, values: {}, blocks: [{}] },
    { id: 307, values: {} },
  ],
  fields: { "302:1:GHI": ["irradiance"], "307:TmpAmb": ["temperature"] },
};

const kindOf = ({ points }: DeviceModel): Kind => {
  if (points.includes("irradiance")) return WEATHER;
  return points.includes("soc") ? BATTERY : METER;
};

const negative = ({ profile }: DeviceModel, point: string): boolean =>
  profile.protocol === "sunspec" && profile.points[point]?.sign === -1;

/** The control of the battery that is told by this device; undefined: it is only read. */
function controlOf(world: PlantWorld, device: DeviceModel): Control704 | undefined {
  if (!wants704(device)) return undefined;
  const asset = world.bindings.get(`${device.id}/battery_setpoint`)?.asset;
  return asset === undefined ? undefined : control704(world, asset, "setpoint");
}

/** The registers of a SunSpec meter, battery or weather station. */
export function sunspecReader(world: PlantWorld, device: DeviceModel): RegisterImage {
  const { models, fields } = kindOf(device);
  const control = controlOf(world, device);
  const about = { Mn: "gridwright", Md: "Simulated device", Vr: "1.0", SN: device.id, DA: device.spec.unit };
  const image: SunspecImage = sunspecImage({
    models: [{ id: 1, values: about }, ...models, ...(control === undefined ? [] : [control.model])],
    onWrite: (references) => control?.written(image, references),
  });
  return {
    read: (table, address, count) => {
      control?.refresh(image);
      for (const [field, [point, factor = 1]] of Object.entries(fields)) {
        const value = deviceQuantity(world, device.id, point);
        const sign = negative(device, point) ? -1 : 1;
        image.set(
          field,
          typeof value === "number" && Number.isFinite(value) ? value * factor * sign : undefined,
        );
      }
      return image.read(table, address, count);
    },
    write: (table, address, values) => image.write(table, address, values),
  };
}
