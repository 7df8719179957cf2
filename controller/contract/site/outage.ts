// What the community wants to be sure of while no grid is there: how long what is needed more must last before anything
// that is needed less is served. The defaults are for nobody's worst week; a remote site writes more.
import { z } from "zod";
import { duration } from "./fields.ts";

export const Outage = z.strictObject({
  essentials: duration(
    "tiers 2 to 4 wait unless charge, fuel and the usual sun carry tiers 0 and 1 for so long; 0 h: they never wait for that",
  ).prefault("72 h"),
  normal: duration(
    "tiers 3 and 4 wait unless charge and the usual sun carry tiers 0 to 2 for so long, or tiers 0 and 1 for a week; 0 h: they never wait for that",
  ).prefault("24 h"),
});
export type Outage = z.infer<typeof Outage>;

/** The first tier that waits for each key, the later tier first, and whether fuel counts for those before it. */
export const SURE_FIRST = [
  { key: "normal", tier: 3, withFuel: false, name: "normal loads sure" },
  { key: "essentials", tier: 2, withFuel: true, name: "essentials sure" },
] as const;
