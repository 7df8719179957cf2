// What a home's people should hear before they notice it: a cut that is near, what was switched off there for want of supply, and
// an own day or limit that is used up. Alarms of their own, beside those that control raises for the site. Pure.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import type { AssetStatus } from "@gridwright/contract/messages.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { reason } from "../tick.ts";

export interface HomeAlarm extends Alarm {
  readonly member: string;
  /** Why, where the alarm's own sentence does not say it. */
  readonly cause?: Reason;
}

export interface HomesSeen {
  readonly model: SiteModel;
  /** Alarms that control tells of. */
  readonly open: readonly Alarm[];
  readonly assets: ReadonlyMap<string, AssetStatus>;
}

/** Alarms of control that are a member's own; the member's id follows. */
const OWN = ["allowance/", "power-limit/"] as const;

const ownAlarm = ({ open }: HomesSeen, member: string): readonly HomeAlarm[] =>
  open.flatMap((alarm) => (OWN.some((kind) => alarm.id === kind + member) ? [{ ...alarm, member }] : []));

interface Seen {
  readonly id: string;
  readonly name: string;
  readonly status: AssetStatus;
}

const earliest = (seen: readonly Seen[]): Seen | undefined =>
  seen.toSorted((a, b) => a.status.since - b.status.since)[0];

function cutOf({ model, assets }: HomesSeen, member: string): readonly HomeAlarm[] {
  const off = Object.values(model.assets).flatMap(({ id, spec }): Seen[] => {
    const status = assets.get(id);
    const isOwn = isConsumer(spec) && spec.member === member;
    return isOwn && status?.shed === true && status.on !== true ? [{ id, name: spec.name, status }] : [];
  });
  const first = earliest(off);
  if (first === undefined) return [];
  return [
    {
      ...{ id: `home-cut/${member}`, severity: "warning", raisedAt: first.status.since, member },
      reason: reason("alarm-home-cut", { loads: off.map(({ name }) => name).join(", ") }),
      cause: first.status.reason,
    },
  ];
}

/** By a lamp that warns: where the site has none, nothing foresees a cut for people. */
function nearOf({ model, assets }: HomesSeen, member: string): readonly HomeAlarm[] {
  const lit = Object.values(model.assets).flatMap(({ id, spec }): Seen[] => {
    const status = assets.get(id);
    const warns = spec.kind === "signal" && spec.shows === "warning" && (spec.member ?? member) === member;
    return warns && status?.wanted === true ? [{ id, name: spec.name, status }] : [];
  });
  const first = earliest(lit);
  return first === undefined
    ? []
    : [
        {
          ...{ id: `home-near/${member}`, severity: "warning", member },
          ...{ raisedAt: epoch(first.status.since), reason: first.status.reason },
        },
      ];
}

/** What each member of the site should hear now. */
export const homeAlarms = (seen: HomesSeen): readonly HomeAlarm[] =>
  Object.keys(seen.model.site.members).flatMap((member) => [
    ...ownAlarm(seen, member),
    ...cutOf(seen, member),
    ...nearOf(seen, member),
  ]);
