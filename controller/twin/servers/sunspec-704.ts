// SunSpec model 704 on a simulated device: a limit of output or a setpoint, its switch, its timer, and what acts when
// that time has ended. As the model has it, the values for afterwards then stand where the value stood.
import type { SunspecImage, SunspecModelSpec } from "@gridwright/protocols/sunspec/image.ts";
import { tellShare } from "../plant/gradual.ts";
import { type PlantWorld, plantMs } from "../plant/world.ts";

/** Field names of a control, and the share that counts while it is switched off. */
const KINDS = {
  limit: {
    ...{ value: "704:WMaxLimPct", armed: "704:WMaxLimPctEna", timer: "704:WMaxLimPctRvrtTms" },
    ...{ later: "704:WMaxLimPctRvrt", armedLater: "704:WMaxLimPctEnaRvrt", left: "704:WMaxLimPctRvrtRem" },
    rest: 1,
  },
  setpoint: {
    ...{ value: "704:WSetPct", armed: "704:WSetEna", timer: "704:WSetRvrtTms" },
    ...{ later: "704:WSetPctRvrt", armedLater: "704:WSetEnaRvrt", left: "704:WSetRvrtRem" },
    rest: 0,
  },
} as const;

export interface Control704 {
  readonly model: SunspecModelSpec;
  /** After a write that touched these fields. */
  written(image: SunspecImage, references: readonly string[]): void;
  /** Before a read: what the time has ended. */
  refresh(image: SunspecImage): void;
}

/** The control of one asset of the plant. */
export function control704(world: PlantWorld, asset: string, kind: keyof typeof KINDS): Control704 {
  const { value, armed, timer, later, armedLater, left, rest } = KINDS[kind];
  let endsAt = Number.POSITIVE_INFINITY;
  const share = (image: SunspecImage, [on, what]: readonly [string, string]): number =>
    image.get(on) === 1 ? (image.get(what) ?? rest * 100) / 100 : rest;
  const tell = (image: SunspecImage): void => {
    const array = world.arrays.find(({ id }) => id === asset);
    if (array !== undefined) array.limitRest = share(image, [armedLater, later]);
    tellShare(world, asset, { share: share(image, [armed, value]), until: endsAt });
  };
  const own = (reference: string): string => reference.slice("704:".length);
  return {
    model: {
      id: 704,
      values: {
        ...{ WMaxLimPct_SF: -1, WSetPct_SF: -1, [own(value)]: rest * 100, [own(later)]: rest * 100 },
        ...{ [own(armed)]: 0, [own(armedLater)]: 0, [own(timer)]: 0, [own(left)]: 0 },
        ...(kind === "setpoint" && { WSetMod: 0 }),
      },
    },
    written(image, references) {
      // The switch is written last and begins the time anew.
      if (!references.includes(armed)) return;
      const seconds = image.get(armed) === 1 ? (image.get(timer) ?? 0) : 0;
      endsAt = seconds > 0 ? plantMs(world) + seconds * 1_000 : Number.POSITIVE_INFINITY;
      tell(image);
    },
    refresh(image) {
      const leftMs = endsAt - plantMs(world);
      image.set(left, Number.isFinite(leftMs) ? Math.max(0, Math.ceil(leftMs / 1_000)) : 0);
      if (leftMs > 0) return;
      endsAt = Number.POSITIVE_INFINITY;
      image.set(value, image.get(later));
      image.set(armed, image.get(armedLater));
      tell(image);
    },
  };
}
