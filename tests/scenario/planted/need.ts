// Bugs of who is switched off first.
import { assetsWith, type PlantedBug, seeing, set, told } from "../planting.ts";

export const BUGS: readonly PlantedBug[] = [
  { bug: "the health post is switched off", brain: seeing(set("health-post", false)), caughtBy: /^I1 / },
  {
    bug: "tier is forgotten: lights are shed like heaters",
    brain: assetsWith({ tier: 4 }, /-basics$/),
    caughtBy: /^I2 /,
  },
  {
    bug: "what was passed over is not told",
    brain: seeing(told(({ skipped: _, ...decision }) => decision)),
    soc: 19,
    caughtBy: /^I2 /,
  },
];
