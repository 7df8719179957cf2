// What `check` advises on a site that has no mistakes: wiring that fails to the wrong side, ladders that chatter, lines
// that are too slow. Advice never stops anything; each says what to do. Pure.

import { type Consumer, isConsumer } from "@gridwright/contract/site/assets.ts";
import type { AssetModel, Mistake, SiteModel } from "@gridwright/contract/site/model.ts";
import { isUntried } from "@gridwright/contract/site/untried.ts";
import { lineShare, speedOf } from "../modbus/wire-time.ts";
import { brokerAdvice } from "./broker-advice.ts";
import { controlAdvice } from "./control-advice.ts";
import { exportAdvice } from "./export-advice.ts";
import { ladderAdvice } from "./ladder-advice.ts";
import { patienceAdvice } from "./link-advice.ts";
import { SOURCE_RULES } from "./source-advice.ts";
import { storeAdvice } from "./store-advice.ts";

/** Loads from this tier on are what overload sheds first. */
const FIRST_SHED_TIER = 3;
/** A device that is polled faster than this wants a quick line. */
const FAST_MS = 500;
const FAST_BAUD = 38_400;
/** Above this share of busy time a line has no room for a repeated or a late answer. */
const LINE_SHARE_MAX = 0.7;

type Rule = (model: SiteModel) => readonly Mistake[];

/** Applies `advise` to every consumer that has a switch which is written. */
const eachSwitched =
  (advise: (asset: AssetModel, spec: Consumer, model: SiteModel) => string | undefined): Rule =>
  (model) =>
    Object.values(model.assets).flatMap((asset) => {
      if (!isConsumer(asset.spec) || asset.actuator === undefined || asset.actuator.locked) return [];
      const message = advise(asset, asset.spec, model);
      return message === undefined ? [] : [{ path: ["assets", asset.id, "switch"], message }];
    });

const protocolOf = ({ actuator }: AssetModel, model: SiteModel): string =>
  model.devices[actuator?.device ?? ""]?.profile.protocol ?? "";

const noLease: Rule = (model) =>
  Object.values(model.assets).flatMap(({ id, spec, actuator }) => {
    if (actuator === undefined || actuator.leases || actuator.locked || actuator.silent === "hold") return [];
    const cure = isConsumer(spec)
      ? "say onSilence: hold if that is meant, or use a relay with a timer of its own"
      : "use a device with a timer of its own";
    return [
      {
        path: ["assets", id, actuator.kind],
        message: `device "${actuator.device}" cannot count a lease: it stays as last commanded when the controller is gone; ${cure}`,
      },
    ];
  });

const slowShedding = eachSwitched((asset, { tier }, model) => {
  const overMqtt = model.devices[asset.actuator?.device ?? ""]?.link.kind === "mqtt";
  return overMqtt && tier >= FIRST_SHED_TIER
    ? `tier ${tier} is what an overload sheds first, within a second: hang it on a Modbus relay, not on MQTT`
    : undefined;
});

const wiring = eachSwitched((asset, { onSilence }, model) => {
  if (protocolOf(asset, model) !== "modbus") return undefined;
  const closed = asset.actuator?.inverted === true;
  if (onSilence === "on" && !closed)
    return "onSilence: on, but a relay without power opens a normally-open contact: wire it normally-closed and say contact: normally-closed";
  if (onSilence === "off" && closed)
    return "onSilence: off, but a relay without power closes a normally-closed contact: wire it normally-open";
  return undefined;
});

const bareTierZero = eachSwitched((asset, { tier }) =>
  tier === 0 && !(asset.actuator?.inverted && asset.actuator.leases)
    ? "tier 0 hangs on a bare relay: what a life hangs on needs its own UPS; take the switch away, or wire it normally-closed on a relay with a timer of its own"
    : undefined,
);

const sumOf = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0);

const slowLines: Rule = (model) => {
  const devices = Object.values(model.devices);
  return Object.entries(model.site.links).flatMap(([id, link]) => {
    const speed = speedOf(link);
    if (speed === undefined) return [];
    const here = devices.filter(({ spec }) => spec.link === id);
    const busy = sumOf(here, (device) => lineShare(device, speed.baud));
    const cure = "raise its baud rate, split it, or give meters that may be slow a longer period (fast: 1 s)";
    const told = busy > 1 ? ", so that it cannot keep its rates" : "";
    if (busy > LINE_SHARE_MAX)
      return [
        {
          path: ["links", id],
          message: `would be busy ${Math.round(busy * 100)} % of the time${told}: ${cure}`,
        },
      ];
    return [];
  });
};

const sharedFastMeter: Rule = (model) => {
  const devices = Object.values(model.devices);
  return devices.flatMap(({ id, spec, link, profile }) => {
    const baud = speedOf(link)?.baud ?? FAST_BAUD;
    if (baud >= FAST_BAUD || spec.fast >= FAST_MS) return [];
    const fast = Object.values(profile.points).some((point) => "poll" in point && point.poll === "fast");
    const shared = devices.some((other) => other.id !== id && other.spec.link === spec.link);
    if (!fast || !shared) return [];
    const message = `is read every ${spec.fast} ms on a shared line of ${baud} baud: give it a line of its own or ${FAST_BAUD} baud, or, if no overload hangs on it, fast: 1 s`;
    return [{ path: ["devices", id], message }];
  });
};

/** Most of these inverters accept one connection: a second link to the same place locks one of the two out. */
const oneClient: Rule = (model) => {
  const links = Object.entries(model.site.links);
  return Object.values(model.devices).flatMap(({ id, spec, link, profile }) => {
    if (link.kind !== "modbus-tcp" || profile.protocol !== "modbus") return [];
    const { clientsMax = Number.POSITIVE_INFINITY } = profile.link;
    const same = links.filter(
      ([, other]) => other.kind === "modbus-tcp" && other.host === link.host && other.port === link.port,
    );
    if (same.length <= clientsMax) return [];
    const names = same.map(([name]) => name).join(", ");
    return [
      {
        path: ["devices", id, "link"],
        message: `accepts ${clientsMax} connection${clientsMax === 1 ? "" : "s"}, but links ${names} go to the same place: hang all its units on "${spec.link}"`,
      },
    ];
  });
};

const untried: Rule = (model) =>
  Object.values(model.assets).flatMap(({ id, actuator }) =>
    actuator !== undefined && isUntried(model, actuator)
      ? [
          {
            path: ["assets", id, actuator.kind],
            message: `device "${actuator.device}" is only read: its profile was never tried on hardware; make a trial write (gridwright write) and then say writesTried: true at the device`,
          },
        ]
      : [],
  );

const RULES: readonly Rule[] = [
  bareTierZero,
  untried,
  noLease,
  wiring,
  slowShedding,
  exportAdvice,
  brokerAdvice,
  ladderAdvice,
  controlAdvice,
  sharedFastMeter,
  oneClient,
  patienceAdvice,
  slowLines,
  ...SOURCE_RULES,
  storeAdvice,
];

/** All advice on a site, the weightiest first; empty for a site that needs none. */
export const adviceOn = (model: SiteModel): readonly Mistake[] => RULES.flatMap((rule) => rule(model));
