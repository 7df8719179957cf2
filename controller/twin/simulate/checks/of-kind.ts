// The assets of a site by kind, sorted once per model: checks ask for them at every tick.
import type { Asset, AssetOf } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { keptBeside } from "@gridwright/core/kept-beside.ts";

interface OfKind<K extends Asset["kind"]> {
  readonly id: string;
  readonly spec: AssetOf<K>;
}

const sorted = keptBeside((_: SiteModel) => new Map<Asset["kind"], readonly unknown[]>());

/** Assets of one kind. */
export function ofKind<K extends Asset["kind"]>(model: SiteModel, kind: K): readonly OfKind<K>[] {
  const ready = sorted(model).get(kind) as readonly OfKind<K>[] | undefined;
  if (ready !== undefined) return ready;
  const found = Object.values(model.assets).flatMap(({ id, spec }): OfKind<K>[] =>
    spec.kind === kind ? [{ id, spec: spec as AssetOf<K> }] : [],
  );
  sorted(model).set(kind, found);
  return found;
}
