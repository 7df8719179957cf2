// An asset as one device of Home Assistant: the payload of device-based discovery, `<prefix>/device/<id>/config`. Pure.
// Home Assistant refuses the whole device for one unknown key at its root, so the root has three: dev, o, cmps; each
// component carries its own availability, which would clash with one at the root.

import { topics } from "@gridwright/contract/messages.ts";
import { mayBeAsked, outwardTopics, UNAVAILABLE } from "@gridwright/contract/outward.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { type Availability, type Component, faceOf } from "./component.ts";

export interface Discovery {
  readonly dev: {
    readonly ids: readonly string[];
    readonly name: string;
    readonly mf: string;
    readonly mdl: string;
  };
  readonly o: { readonly name: string };
  readonly cmps: Readonly<Record<string, Component>>;
}

/** Text that Home Assistant takes as a state. */
export const STATE_CHARS_MAX = 255;

/** Slugs have no underscore, so no two assets of any two sites share an id. */
export const discoveryId = (site: string, asset: string): string => `gridwright_${site}_${asset}`;
export const discoveryTopic = (prefix: string, site: string, asset: string): string =>
  `${prefix}/device/${discoveryId(site, asset)}/config`;

/** Whose word counts: control reads the plant, services keep the topics true. */
const aliveTopics = (site: string): readonly Availability[] => [
  { topic: topics(site).control },
  { topic: outwardTopics(site).services },
];

const ITS_OWN = `{{ 'offline' if value == '${UNAVAILABLE}' else 'online' }}`;

/** The device of `asset`; `points` are the names of its channels. */
export function discoveryOf(
  { site: { site } }: SiteModel,
  asset: AssetModel,
  points: readonly string[],
): Discovery {
  const at = outwardTopics(site.id);
  const id = discoveryId(site.id, asset.id);
  const alive = aliveTopics(site.id);
  const pointComponent = (point: string): Component => {
    const topic = at.point(asset.id, point);
    return {
      ...faceOf(point),
      unique_id: `${id}_${point}`,
      state_topic: topic,
      availability: [...alive, { topic, value_template: ITS_OWN }],
      availability_mode: "all",
      ...(point === "switch" && mayBeAsked(asset) && askable(at.set(asset.id))),
    };
  };
  const text = (key: string, name: string, topic: string): [string, Component] => [
    key,
    {
      p: "sensor",
      name,
      unique_id: `${id}_${key}`,
      state_topic: topic,
      availability: alive,
      availability_mode: "all",
      entity_category: "diagnostic",
    },
  ];
  return {
    dev: { ids: [id], name: asset.spec.name, mf: "gridwright", mdl: asset.spec.kind },
    o: { name: "gridwright" },
    cmps: Object.fromEntries([
      ...points.map((point): [string, Component] => [point, pointComponent(point)]),
      ...(asset.actuator === undefined ? [] : [text("why", "Why", at.why(asset.id))]),
      ...(mayBeAsked(asset) ? [text("answer", "Last answer", at.answer(asset.id))] : []),
    ]),
  };
}

/** Makes the supply of a load that may be asked into a switch; it shows what is, never what was wished. */
const askable = (command_topic: string) =>
  ({
    p: "switch",
    device_class: "switch",
    command_topic,
    state_on: "true",
    state_off: "false",
    optimistic: false,
    retain: false,
    qos: 1,
  }) as const;
