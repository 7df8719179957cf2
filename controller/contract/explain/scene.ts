// What an explanation must know of the site: how things are called, what they are, whose they are, and its time.
import type { PhaseName } from "../points.ts";
import type { Language } from "../reasons.ts";
import type { Wording } from "../render.ts";
import type { AssetKind } from "../site/assets.ts";
import type { SiteModel } from "../site/model.ts";
import { phrase } from "./phrases.ts";
import { type SiteClock, siteClock } from "./when.ts";

export interface SceneAsset {
  readonly id: string;
  readonly name: string;
  readonly kind: AssetKind;
  readonly phases: readonly PhaseName[];
  readonly member?: string;
}

/** As the page's API has it; a site model is made into one by `placeOf`. */
export interface Place {
  /** IANA name. */
  readonly timezone: string;
  readonly members: Readonly<Record<string, { readonly name: string }>>;
  readonly assets: readonly SceneAsset[];
}

export interface Scene extends Wording {
  readonly clock: SiteClock;
  /** Plant time of the reader, ms since 1970: what was on another day is told with its date. */
  readonly now: number;
  readonly assets: ReadonlyMap<string, SceneAsset>;
}

export const placeOf = ({ site, assets }: SiteModel): Place => ({
  timezone: site.site.timezone,
  members: site.members,
  assets: Object.values(assets).map(({ id, spec }) => ({
    id,
    name: spec.name,
    kind: spec.kind,
    phases: spec.phases,
    ...("member" in spec && spec.member !== undefined && { member: spec.member }),
  })),
});

export interface Reader {
  readonly language: Language;
  readonly now: number;
}

/** Names of assets, of members who asked, and of those who ask for others. */
const namesOf = ({ members, assets }: Place, language: Language): Wording["names"] => ({
  operator: phrase(language, "issuer-operator"),
  services: phrase(language, "issuer-services"),
  ...Object.fromEntries(Object.entries(members).map(([id, { name }]) => [id, name])),
  ...Object.fromEntries(assets.map(({ id, name }) => [id, name])),
});

export const sceneOf = (place: Place, { language, now }: Reader): Scene => ({
  language,
  now,
  names: namesOf(place, language),
  clock: siteClock(place.timezone, language),
  assets: new Map(place.assets.map((asset) => [asset.id, asset])),
});

export const nameOf = (id: string, { names }: Wording): string => names[id] ?? id;
