// The cause of a switching in a member's words, without figures; the exact sentence stands beside it or under it.
// undefined where the catalogue's own sentence is plain enough.
import type { Reason } from "../decision.ts";
import { type PhraseKey, phrase } from "./phrases.ts";
import type { Scene } from "./scene.ts";

const PLAIN: Readonly<Record<string, PhraseKey>> = {
  "overload-budget": "plain-overload",
  "overload-instant": "plain-overload",
  "overload-warning": "plain-overload",
  "breaker-overload": "plain-cable",
  "battery-current-limit": "plain-battery-limit",
  "ladder-soc": "plain-battery-low",
  "ladder-voltage": "plain-battery-low",
  "ladder-still-soc": "plain-battery-low",
  "ladder-still-voltage": "plain-battery-low",
};

/** Members whose houses hang on one and the same phase; undefined where an asset has no house or several phases. */
function housesOf(assets: readonly string[], scene: Scene): ReadonlySet<string> | undefined {
  const found = assets.map((id) => scene.assets.get(id));
  const members = found.map((asset) => (asset?.phases.length === 1 ? asset.member : undefined));
  const phases = new Set(found.flatMap((asset) => asset?.phases ?? []));
  return phases.size > 1 || members.includes(undefined)
    ? undefined
    : new Set(members.filter((member) => member !== undefined));
}

/** `assets`: those that were switched for this reason. */
export function plainText(reason: Reason, assets: readonly string[], scene: Scene): string | undefined {
  const key = Object.hasOwn(PLAIN, reason.code) ? PLAIN[reason.code] : undefined;
  if (key !== "plain-overload") return key && phrase(scene.language, key);
  const houses = reason.params.phase === undefined ? undefined : housesOf(assets, scene);
  if (houses === undefined) return phrase(scene.language, key);
  return phrase(scene.language, houses.size === 1 ? "plain-overload-house" : "plain-overload-houses");
}
