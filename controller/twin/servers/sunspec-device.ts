// A PV array's inverter as a SunSpec device: models 1, 101 or 103, 120–123 and 160. Values are filled in when somebody
// reads; a limit written to model 123 acts on the array and ends by itself after its reversion time.

import { PHASES } from "@gridwright/contract/points.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import type { RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import {
  type SunspecImage,
  type SunspecModelSpec,
  sunspecImage,
} from "@gridwright/protocols/sunspec/image.ts";
import { type ArrayState, limitArray } from "../plant/photovoltaics.ts";
import { type PlantWorld, plantEpoch, plantMs } from "../plant/world.ts";
import { type Ask, asker, sunspecDer, wants704 } from "./sunspec-der.ts";
import { sunspecReader } from "./sunspec-reader.ts";

const NOMINAL_V = 230;
const STRINGS = 2;
const STRING_V = 620;
/** SunSpec inverter states. */
const OFF = 1;
const MPPT = 4;
const THROTTLED = 5;
/** Seconds between 1970 and 2000: SunSpec counts from there. */
const FROM_2000 = 946_684_800;

function modelsOf(array: ArrayState, serial: string): SunspecModelSpec[] {
  const inverter = array.phases.length === 1 ? 101 : array.phases.length === 2 ? 102 : 103;
  const scales = { A_SF: -2, V_SF: -1, W_SF: 0, Hz_SF: -2, VA_SF: 0, VAr_SF: 0, PF_SF: -2, WH_SF: 0 };
  return [
    { id: 1, values: { Mn: "gridwright", Md: "Simulated PV inverter", Vr: "1.0", SN: serial, DA: 1 } },
    { id: inverter, values: { ...scales, DCA_SF: -2, DCV_SF: -1, DCW_SF: 0, Tmp_SF: -1, Evt1: 0, Evt2: 0 } },
    {
      id: 120,
      values: {
        DERTyp: 4,
        WRtg_SF: 0,
        VARtg_SF: 0,
        ARtg_SF: -1,
        WRtg: array.rating,
        VARtg: array.rating,
        ARtg: array.rating / NOMINAL_V / array.phases.length,
      },
    },
    {
      id: 121,
      values: {
        WMax_SF: 0,
        VRef_SF: 0,
        VAMax_SF: 0,
        WMax: array.rating,
        VRef: NOMINAL_V,
        VAMax: array.rating,
      },
    },
    { id: 122, values: { PVConn: 7, StorConn: 0, ECPConn: 1, WAval_SF: 0, TmSrc: "RTC", StActCtl: 0 } },
    {
      id: 123,
      values: {
        WMaxLimPct_SF: -1,
        Conn: 1,
        WMaxLimPct: 100,
        WMaxLimPct_WinTms: 0,
        WMaxLimPct_RvrtTms: 0,
        WMaxLimPct_RmpTms: 0,
        WMaxLim_Ena: 0,
      },
    },
    {
      id: 160,
      values: { DCA_SF: -2, DCV_SF: -1, DCW_SF: 0, DCWH_SF: 0, N: STRINGS },
      blocks: Array.from({ length: STRINGS }, (_, index) => ({
        ID: index + 1,
        IDStr: `string ${index + 1}`,
      })),
    },
  ];
}

function acValues(ask: Ask, array: ArrayState): Record<string, number | undefined> {
  const values: Record<string, number | undefined> = {
    W: ask("power"),
    VA: ask("apparent_power"),
    Hz: ask("frequency"),
    WH: ask("energy_generated"),
    VAr: 0,
    PF: 1,
    DCW: (ask("power") ?? 0) * 1.03,
    DCV: STRING_V,
    DCA: ((ask("power") ?? 0) * 1.03) / STRING_V,
  };
  for (const [index, name] of PHASES.entries()) {
    const letter = "ABC"[index] ?? "A";
    if (!array.phases.some((phase) => phase.name === name)) continue;
    values[`PhVph${letter}`] = ask(`voltage_${name.toLowerCase()}`);
    values[`Aph${letter}`] = ask(`current_${name.toLowerCase()}`);
    values.A = (values.A ?? 0) + (values[`Aph${letter}`] ?? 0);
  }
  return values;
}

function refresh(
  world: PlantWorld,
  image: SunspecImage,
  of: { readonly device: string; readonly array: ArrayState },
): void {
  const { device, array } = of;
  const ask = asker(world, device);
  const inverter = array.phases.length === 1 ? 101 : array.phases.length === 2 ? 102 : 103;
  const values = acValues(ask, array);
  for (const [name, value] of Object.entries(values)) image.set(`${inverter}:${name}`, value);
  const throttled = array.powerW < array.availableW * 0.97;
  image.set(`${inverter}:TmpCab`, world.airCelsius + 25 * (array.powerW / array.rating));
  image.set(`${inverter}:St`, array.powerW < 5 ? OFF : throttled ? THROTTLED : MPPT);
  image.set("122:WAval", array.availableW);
  image.set("122:ActWh", array.energyWh);
  image.set("122:Tms", Math.floor(plantEpoch(world) / 1_000) - FROM_2000);
  for (let string = 1; string <= STRINGS; string++) {
    image.set(`160:${string}:DCW`, (values.DCW ?? 0) / STRINGS);
    image.set(`160:${string}:DCV`, STRING_V);
    image.set(`160:${string}:DCA`, (values.DCA ?? 0) / STRINGS);
  }
  if (array.limit === 1 && image.get("123:WMaxLim_Ena") === 1 && !Number.isFinite(array.limitUntil))
    release(image);
}

function release(image: SunspecImage): void {
  const limited = (image.get("123:WMaxLimPct") ?? 100) < 100;
  if (limited) image.set("123:WMaxLim_Ena", 0);
}

/** Enabling (again) makes the written limit act and starts its reversion time anew; disabling ends it. */
function obey(world: PlantWorld, image: SunspecImage, array: ArrayState): void {
  if (image.get("123:WMaxLim_Ena") !== 1) {
    limitArray(array, 1, Number.POSITIVE_INFINITY);
    return;
  }
  const seconds = image.get("123:WMaxLimPct_RvrtTms") ?? 0;
  const until = seconds > 0 ? plantMs(world) + seconds * 1_000 : Number.POSITIVE_INFINITY;
  limitArray(array, (image.get("123:WMaxLimPct") ?? 100) / 100, until);
}

/** The registers of a SunSpec device: an inverter where an array is measured or limited by it, else a meter or battery. */
export function sunspecDevice(world: PlantWorld, device: DeviceModel): RegisterImage {
  const asset = Object.values(world.model.assets).find(
    ({ spec, actuator }) =>
      spec.kind === "pv" && (spec.measure === device.id || actuator?.device === device.id),
  );
  const array = world.arrays.find(({ id }) => id === asset?.id);
  if (array === undefined) return sunspecReader(world, device);
  if (wants704(device)) return sunspecDer(world, device, array);
  const image: SunspecImage = sunspecImage({
    models: modelsOf(array, device.id),
    onWrite: (references) => {
      if (references.some((reference) => reference.startsWith("123:WMaxLim"))) obey(world, image, array);
    },
  });
  let filledAt = -1;
  let faults = world.faults;
  return {
    read: (table, address, count) => {
      if (filledAt !== world.m || faults !== world.faults)
        refresh(world, image, { device: device.id, array });
      [filledAt, faults] = [world.m, world.faults];
      return image.read(table, address, count);
    },
    write: (table, address, values) => {
      filledAt = -1;
      return image.write(table, address, values);
    },
  };
}
