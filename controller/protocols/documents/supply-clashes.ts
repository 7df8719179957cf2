// Supplies that must never go: what a life hangs on, and what the controller itself lives on. A declaration that would let
// one of them go is refused, with the key and its cure. A bare relay on a life is contract's to refuse. Pure.
import { type Consumer, isConsumer } from "@gridwright/contract/site/assets.ts";
import type { AssetModel, Mistake, SiteModel } from "@gridwright/contract/site/model.ts";

/** What is wrong with one key; false: nothing. */
type Row = readonly [key: string, why: string | false];

/** The nearest load before this one that can be switched off. */
function switchedBefore({ assets }: SiteModel, { spec }: AssetModel): string | undefined {
  for (let at = assets[spec.parent ?? ""]; at !== undefined; at = assets[at.spec.parent ?? ""])
    if (isConsumer(at.spec) && at.actuator !== undefined && !at.actuator.locked) return at.id;
  return undefined;
}

function behind(model: SiteModel, asset: AssetModel): Row {
  const before = switchedBefore(model, asset);
  return [
    "parent",
    before !== undefined &&
      `it hangs behind "${before}", which has a switch: feed it from before that switch`,
  ];
}

/** How a switch that is no bare relay may still leave it dark. */
function switchRows(spec: Consumer): readonly Row[] {
  const { onSilence = "none", onPowerUp, rearm } = spec;
  return [
    [
      "onSilence",
      onSilence !== "on" &&
        `onSilence: ${onSilence} does not close its supply when the controller is gone: write onSilence: on`,
    ],
    [
      "onPowerUp",
      onPowerUp === "off" &&
        "onPowerUp: off leaves it off when power returns: write onPowerUp: on, or take the line away",
    ],
    ["rearm", rearm === "local" && "rearm: local leaves it off until a person comes: take the line away"],
  ];
}

function lifeRows(model: SiteModel, asset: AssetModel, spec: Consumer): readonly Row[] {
  const { tier, lastResort, runs } = spec;
  const { actuator } = asset;
  return [
    ["tier", tier > 0 && `tier ${tier} is shed when there is too little, and tier 0 is not: write tier: 0`],
    [
      "lastResort",
      lastResort !== undefined &&
        `lastResort: ${lastResort} switches it off before the battery is empty: take the line away`,
    ],
    ["runs", runs !== "always" && `runs: ${runs} leaves it off at most times: take the line away`],
    behind(model, asset),
    ...(actuator?.inverted && actuator.leases ? switchRows(spec) : []),
  ];
}

function feedRows(model: SiteModel, asset: AssetModel, spec: Consumer): readonly Row[] {
  const { actuator } = asset;
  const protocol = model.devices[actuator?.device ?? ""]?.profile.protocol;
  const away = "take the switch away";
  const cure = protocol === "box" ? away : `wire it normally-closed (contact: normally-closed), or ${away}`;
  const opens =
    actuator?.kind === "switch" && !actuator.inverted && (protocol === "modbus" || protocol === "box");
  return [
    [
      "switch",
      opens &&
        `a relay without power opens a normally-open contact, and without supply nobody here could close it again: ${cure}`,
    ],
    [
      "onSilence",
      spec.onSilence === "off" && `onSilence: off takes it away: write onSilence: on, or ${away}`,
    ],
    behind(model, asset),
  ];
}

const told = (id: string, what: string, rows: readonly Row[]): readonly Mistake[] =>
  rows.flatMap(([key, why]) =>
    why === false ? [] : [{ path: ["assets", id, key], message: `${what}, but ${why}` }],
  );

/** Everything declared that could take the supply of a life or of the controller itself. */
export const supplyClashes = (model: SiteModel): readonly Mistake[] =>
  Object.values(model.assets).flatMap((asset) => {
    const { id, spec } = asset;
    if (!isConsumer(spec)) return [];
    return [
      ...(spec.lifeSupport
        ? told(id, `a life hangs on «${spec.name}» (lifeSupport)`, lifeRows(model, asset, spec))
        : []),
      ...(spec.feedsController
        ? told(id, `«${spec.name}» feeds the controller itself`, feedRows(model, asset, spec))
        : []),
    ];
  });
