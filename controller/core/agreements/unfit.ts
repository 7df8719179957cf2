// Why an agreement is not taken. Two consents do not outvote a wire: what `check` refuses of a site file is refused here too,
// a life and what feeds the controller keep their tier, and nothing enters tier 0 on a relay that may leave it dark.
import { AGREEMENTS_MAX, type Agreement, EMERGENCY_MAX_MS } from "@gridwright/contract/agreement.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { clashesIn } from "@gridwright/contract/site/clashes.ts";
import { fairnessMistakes } from "@gridwright/contract/site/fairness-mistakes.ts";
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";
import type { Epoch } from "@gridwright/contract/units.ts";
import type { Agreed } from "./agreed.ts";
import { modelWith } from "./model-under.ts";

/** The clocks of who asks and of control may differ by so much. */
const CLOCKS_APART_MS = 120_000;

function tierUnfit(model: SiteModel, id: string, tier: number): string | undefined {
  const asset = model.assets[id];
  if (asset === undefined || !isConsumer(asset.spec)) return `there is no load "${id}"`;
  const { spec, actuator } = asset;
  if (spec.lifeSupport) return `a life hangs on "${id}": its tier stays`;
  if (spec.feedsController) return `"${id}" feeds the controller: its tier stays`;
  const bare = actuator !== undefined && !(actuator.inverted && actuator.leases);
  return tier === 0 && spec.tier !== 0 && bare
    ? `"${id}" hangs on a bare relay, which tier 0 must not: wire it normally-closed on a relay with a timer of its own`
    : undefined;
}

function stepUnfit({ site }: SiteModel, name: string): string | undefined {
  const step = site.ladder.find((one) => one.name === name);
  if (step === undefined) return `the ladder has no step "${name}"`;
  return step.below.by === "soc" ? undefined : `"${name}" goes by ${step.below.by}, not by charge`;
}

const namesUnfit = (model: SiteModel, { tiers, allowancesWh, ladder }: Agreement): string | undefined =>
  [
    ...Object.entries(tiers).map(([id, tier]) => tierUnfit(model, id, tier)),
    ...Object.keys(allowancesWh).map((id) =>
      Object.hasOwn(model.site.members, id) ? undefined : `there is no member "${id}"`,
    ),
    ...Object.keys(ladder).map((name) => stepUnfit(model, name)),
  ].find((why) => why !== undefined);

const placesOf = (mistakes: readonly Mistake[]): ReadonlySet<string> =>
  new Set(mistakes.map(({ path, message }) => `${path.join(".")} ${message}`));
const mistakesOf = (model: SiteModel): readonly Mistake[] => [
  ...fairnessMistakes(model.site),
  ...clashesIn(model),
];

/** The first thing that `check` would refuse of the site under it and does not refuse without. */
function contradiction(model: SiteModel, agreements: readonly Agreed[]): string | undefined {
  const known = placesOf(mistakesOf(model));
  const found = mistakesOf(modelWith(model, agreements)).find(
    ({ path, message }) => !known.has(`${path.join(".")} ${message}`),
  );
  return found === undefined ? undefined : `${found.path.join(".")}: ${found.message}`;
}

function peopleUnfit({ emergency, by, ends, begins }: Agreement, wall: Epoch): string | undefined {
  if (!emergency) return new Set(by).size === 2 ? undefined : "two different people must stand behind it";
  if (begins !== null && begins > wall + CLOCKS_APART_MS) return "an emergency begins at once";
  return ends !== null && ends - wall <= EMERGENCY_MAX_MS + CLOCKS_APART_MS
    ? undefined
    : "an emergency rule ends within 72 h";
}

interface Beside {
  readonly agreements: readonly Agreed[];
  readonly wall: Epoch;
}

/** Why it cannot hold; undefined: it can. Looked at beside all others, as if all held at once. */
export function unfit(
  model: SiteModel,
  agreement: Agreement,
  { agreements, wall }: Beside,
): string | undefined {
  if (agreements.length >= AGREEMENTS_MAX) return `there are ${AGREEMENTS_MAX} already; end one first`;
  if (agreements.some(({ id }) => id === agreement.id)) return "there is one with that id already";
  if (agreement.ends !== null && agreement.ends <= wall) return "its end has passed";
  return (
    peopleUnfit(agreement, wall) ??
    namesUnfit(model, agreement) ??
    contradiction(model, [{ ...agreement, endsAt: null }]) ??
    contradiction(model, [...agreements, { ...agreement, endsAt: null }])
  );
}
