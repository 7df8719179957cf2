// The building blocks of site.yaml: ids, quantities with their unit, references to points.
import { z } from "zod";
import { parseQuantity, type QuantityUnit, unitsOf } from "../quantity-text.ts";
import type { Quantity } from "../units.ts";

export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
  error: "ids are small letters, digits and hyphens, for example house-4-heater",
});

export const serialPort = z
  .string()
  .regex(/^\/[^\s]+$/, {
    error: "must be the path of a serial port, best one that stays: /dev/serial/by-id/…",
  })
  .describe("the serial port, best by /dev/serial/by-id/, which stays the same over re-plugging");

/** A quantity written with its unit; inside it is the SI value of `unit`, branded as `U`. */
export const quantity = <U extends string>(unit: QuantityUnit, description: string) =>
  z
    .string({
      error: (issue) => {
        const parsed = parseQuantity(issue.input, unit);
        return parsed.ok ? undefined : parsed.why;
      },
    })
    .transform((text, context): Quantity<U> => {
      const parsed = parseQuantity(text, unit);
      if (parsed.ok) return parsed.value as Quantity<U>;
      context.addIssue(parsed.why);
      return z.NEVER;
    })
    .describe(`${description} (${unitsOf(unit)})`);

export const power = (description: string) => quantity<"W">("W", description);
export const apparentPower = (description: string) => quantity<"VA">("VA", description);
export const volts = (description: string) => quantity<"V">("V", description);
export const current = (description: string) => quantity<"A">("A", description);
export const energyAmount = (description: string) => quantity<"Wh">("Wh", description);
export const duration = (description: string) => quantity<"ms">("ms", description);
export const frequency = (description: string) => quantity<"Hz">("Hz", description);
export const share = (description: string) => quantity<"1">("%", description);

/** `device/point`, for example `relays/relay_3`. */
export const pointRef = z.string().regex(/^[a-z0-9][a-z0-9-]*\/[a-z0-9_]+$/, {
  error: "must name a point as device/point, for example relays/relay_3",
});

/** A battery threshold: a state of charge (`40 %`), a voltage (`48.5 V`), or how long it still lasts (`6 h`). */
export interface Threshold {
  readonly by: "soc" | "voltage" | "hours";
  /** 0..1 for `soc`, V for `voltage`, h for `hours`. */
  readonly value: number;
}
const THRESHOLDS = "write a charge such as 40 %, a voltage such as 48.5 V or a time that is left such as 6 h";
export const threshold = (description: string) =>
  z
    .string({ error: THRESHOLDS })
    .transform((text, context): Threshold => {
      for (const [by, unit] of [
        ["soc", "%"],
        ["voltage", "V"],
        ["hours", "ms"],
      ] as const) {
        const parsed = parseQuantity(text, unit);
        if (parsed.ok) return { by, value: by === "hours" ? parsed.value / 3_600_000 : parsed.value };
      }
      context.addIssue(THRESHOLDS);
      return z.NEVER;
    })
    .describe(description);
