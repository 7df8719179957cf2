// Advice on `control:`: figures that come after what they are for, the inverter's own trip or a relay that should be free
// again. Part of advice.ts.
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";
import { percent, timeText } from "./figures.ts";

/** Relays that hold for longer hold for nobody; a box counts no more either. */
const LEASE_MAX_MS = 900_000;
/** A meter that was not heard for longer beyond its own pace is no late one. */
const AGE_MAX_MS = 15_000;

type Rule = (model: SiteModel) => readonly Mistake[];

interface End {
  readonly id: string;
  /** Most that it bears, as a share of its rating, and for how long. */
  readonly load: number;
  readonly forMs: number;
}

/** Where the curve of each inverter ends, the lowest first. */
const endsOf = ({ assets }: SiteModel): readonly End[] =>
  Object.values(assets)
    .flatMap(({ id, spec }) => {
      const last = spec.kind === "inverter" ? spec.overload.at(-1) : undefined;
      return last === undefined ? [] : [{ id, load: last.load, forMs: last.for }];
    })
    .toSorted((a, b) => a.load - b.load);

const endText = ({ id, load, forMs }: End): string =>
  `"${id}" bears ${percent(load)} for ${timeText(forMs)} at most (its overload curve)`;

const instant: Rule = (model) => {
  const { instantOverload } = model.site.control;
  const [end] = endsOf(model);
  return end === undefined || instantOverload <= end.load
    ? []
    : [
        {
          path: ["control", "instantOverload"],
          message: `sheds at once only from ${percent(instantOverload)} on, and ${endText(end)}: it would cut out first; write ${percent(end.load)} or less (150 % is usual)`,
        },
      ];
};

const lease: Rule = ({ site, assets }) => {
  const counted = Object.values(assets).some(
    ({ actuator }) => actuator?.leases && !actuator.locked && actuator.silent !== "hold",
  );
  const { lease: time } = site.control;
  return !counted || time <= LEASE_MAX_MS
    ? []
    : [
        {
          path: ["control", "lease"],
          message: `when the controller is gone what it switched stays so for up to ${timeText(time)} before onSilence counts: write ${timeText(LEASE_MAX_MS)} or less (5 min is usual)`,
        },
      ];
};

const age: Rule = (model) => {
  const { maxAge } = model.site.control;
  const [end] = endsOf(model);
  if (maxAge <= AGE_MAX_MS) return [];
  const borne = end === undefined ? "" : `, and ${endText(end)}`;
  return [
    {
      path: ["control", "maxAge"],
      message: `a meter that says nothing is believed for ${timeText(maxAge)} beyond its usual pace${borne}: an overload in that time is not seen; write ${timeText(AGE_MAX_MS)} or less (5 s is usual)`,
    },
  ];
};

/** All advice on the figures of control. */
export const controlAdvice = (model: SiteModel): readonly Mistake[] => [
  ...instant(model),
  ...lease(model),
  ...age(model),
];
