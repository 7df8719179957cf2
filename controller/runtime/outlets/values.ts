// What each outward topic should say now, from the live view. Pure: it neither publishes nor keeps anything.
import { mayBeAsked, outwardTopics, shownAssets, UNAVAILABLE } from "@gridwright/contract/outward.ts";
import { render } from "@gridwright/contract/render.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { controlOf, shown, type View } from "../live/view.ts";

/** Longest text of a topic: what Home Assistant takes as a state. */
const TEXT_MAX = 255;

export const clipped = (text: string): string =>
  text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`;

interface Said {
  readonly view: View;
  readonly state: ReturnType<typeof controlOf>["state"];
}

/** A topic and how its text is found. */
export interface Speaker {
  readonly topic: string;
  /** The channel (`asset/point`) or the asset whose news can change it. */
  readonly about: string;
  text(said: Said): string;
}

/** The plain text of a channel: a number, `true`, `false`, or `unavailable` unless it is fresh. */
function valueText({ view, state }: Said, channel: string): string {
  const { q, v } = shown(view, channel, state);
  return q === "fresh" && v !== null ? String(v) : UNAVAILABLE;
}

/** Every plain topic of the site: its points, and for what has a switch the sentence of what it is told. */
export function speakersOf(model: SiteModel): readonly Speaker[] {
  const at = outwardTopics(model.site.site.id);
  const assets = shownAssets(model);
  const known = new Set(assets.map(({ id }) => id));
  const names = assetNames(model);
  const points = model.channels
    .filter(({ asset }) => known.has(asset))
    .map(
      ({ asset, point }): Speaker => ({
        topic: at.point(asset, point),
        about: `${asset}/${point}`,
        text: (said) => valueText(said, `${asset}/${point}`),
      }),
    );
  const whys = assets
    .filter(({ actuator }) => actuator !== undefined)
    .map(
      ({ id }): Speaker => ({
        topic: at.why(id),
        about: id,
        text({ view, state }) {
          const status = view.assets.get(id);
          if (status === undefined || state !== "live") return UNAVAILABLE;
          return clipped(render(status.reason, { language: "en", names }));
        },
      }),
    );
  return [...points, ...whys];
}

/** Topics of answers to wishes; they speak only when there was one. */
export const answerTopics = (model: SiteModel): readonly string[] =>
  shownAssets(model)
    .filter(mayBeAsked)
    .map(({ id }) => outwardTopics(model.site.site.id).answer(id));

export const saidNow = (view: View): Said => ({ view, state: controlOf(view).state });
