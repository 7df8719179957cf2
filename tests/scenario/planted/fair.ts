// Bugs of need, fairness and envelope.
import { decide } from "@gridwright/core/decide.ts";
import type { Memory } from "@gridwright/core/memory.ts";
import type { DecideInput } from "@gridwright/core/step.ts";
import { hardNight, MODEL } from "../hard-night.ts";
import { type Bug, type PlantedBug, seeing, set } from "../planting.ts";

type Keys = Partial<DecideInput["model"]["site"]["envelope"]>;
const modelWith = (keys: Keys): DecideInput["model"] => ({
  ...MODEL,
  site: { ...MODEL.site, envelope: { ...MODEL.site.envelope, ...keys } },
});
/** A night of a site with other bounds, and a brain that knows nothing of them. */
const bounded = (keys: Keys, soc: number): Pick<PlantedBug, "story" | "brain"> => ({
  story: () => ({ ...hardNight(soc), model: modelWith(keys) }),
  brain: (input) => decide({ ...input, model: MODEL }),
});

const remembers =
  (change: (memory: Memory, input: DecideInput) => Partial<Memory>): Bug =>
  (input, said) => ({ ...said, memory: { ...said.memory, ...change(said.memory, input) } });

export const BUGS: readonly PlantedBug[] = [
  {
    bug: "the lights of the way are dark to spare energy",
    brain: seeing(set("way-lights", false)),
    caughtBy: /^I1 /,
  },
  {
    bug: "one pass takes as many as it likes",
    ...bounded({ perPass: 3 }, 19),
    caughtBy: /^the envelope: no more go in one pass/,
  },
  {
    bug: "an hour takes as many as it likes",
    ...bounded({ perHour: 5 }, 19),
    caughtBy: /^the envelope: no more go within an hour/,
  },
  {
    bug: "circuits that are never to be switched are shed with the rest",
    ...bounded({ never: ["house-2-sockets"] }, 19),
    caughtBy: /^the envelope: who opted out/,
  },
  {
    bug: "what counts as unserved has no bound",
    brain: seeing(
      remembers(({ deprived }) => ({
        deprived: Object.fromEntries(
          Object.entries(deprived).map(([owner, { vah, at }]) => [owner, { vah: vah * 1.01 + 3, at }]),
        ),
      })),
    ),
    soc: 26,
    caughtBy: /^deprivation counts/,
  },
  {
    bug: "what was not served is not counted as wanted",
    brain: seeing(
      remembers(({ fair }) => ({
        fair: {
          ...fair,
          today: Object.fromEntries(
            Object.entries(fair.today).map(([owner, tally]) => [
              owner,
              { ...tally, demandedWh: tally.servedWh },
            ]),
          ),
        },
      })),
    ),
    soc: 26,
    caughtBy: /^accounts add up/,
  },
  {
    bug: "a day's use begins anew at each hour",
    brain: seeing(
      remembers(({ fair }, { state }) => ({
        fair: state.now % 600_000 === 0 ? { ...fair, use: {} } : fair,
      })),
    ),
    caughtBy: /^accounts add up/,
  },
  {
    bug: "the lamp stays dark",
    brain: seeing(set("plaza-lamp", false)),
    soc: 46,
    caughtBy: /^a lamp burns/,
  },
];
