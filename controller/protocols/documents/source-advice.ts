// What `check` advises on sources: tables that a motor's start would trip, a set that can never stop or never be tested, a
// grid that never returns. Advice never stops anything. Pure.
import type { Asset, AssetOf } from "@gridwright/contract/site/assets.ts";
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";

/** A load step may dip a generator's frequency by 10 % for 5 s (ISO 8528-5, class G2). */
const G2 = { dipTo: 45, for: 5_000 } as const;
/** Above this, a set on its droop line is in normal operation at full load. */
const DROOP_HZ = 48;

type Rule = (model: SiteModel) => readonly Mistake[];

const ofKind = <K extends Asset["kind"]>(model: SiteModel, kind: K) =>
  Object.values(model.assets).flatMap(({ id, spec }) =>
    spec.kind === kind ? [{ id, spec: spec as AssetOf<K> }] : [],
  );
const sets = (model: SiteModel) => ofKind(model, "generator");

type Table = AssetOf<"generator">["frequency"] | AssetOf<"generator">["voltage"];

function tableOrder(id: string, what: string, table: Table): readonly Mistake[] {
  return table.flatMap((row, place) => {
    const before = table[place - 1];
    const falls = before === undefined || (row.below < before.below && row.for < before.for);
    const message = "must be lower and shorter than the row before it, or it never does anything new";
    return falls ? [] : [{ path: ["assets", id, what, place], message }];
  });
}

const tables: Rule = (model) => [
  ...sets(model).flatMap(({ id, spec }) => [
    ...tableOrder(id, "frequency", spec.frequency),
    ...tableOrder(id, "voltage", spec.voltage),
  ]),
  ...ofKind(model, "inverter").flatMap(({ id, spec }) => tableOrder(id, "voltage", spec.voltage)),
];

const loadSteps: Rule = (model) =>
  sets(model).flatMap(({ id, spec }) =>
    spec.frequency.flatMap(({ below, for: time }, place) => {
      const path = ["assets", id, "frequency", place];
      if (below > DROOP_HZ)
        return [
          { path, message: `sheds below ${below} Hz, where a set at full load runs: write 47 Hz or less` },
        ];
      return below > G2.dipTo && time < G2.for - 2_000
        ? [
            {
              path,
              message: `trips at a load step that a set may answer with ${G2.dipTo} Hz for ${G2.for / 1_000} s (ISO 8528-5, G2): write 3 s or more, or 45 Hz`,
            },
          ]
        : [];
    }),
  );

const neverStops: Rule = (model) =>
  sets(model).flatMap(({ id, spec }) =>
    spec.loadStart !== undefined && spec.loadStart.below >= spec.loadStart.above
      ? [
          {
            path: ["assets", id, "loadStart", "below"],
            message: "is not below `above`: the set would start and stop again and again",
          },
        ]
      : [],
  );

const neverTested: Rule = (model) =>
  sets(model).flatMap(({ id, spec }) =>
    spec.testRun !== undefined && !spec.testRun.onGrid && ofKind(model, "grid").length > 0
      ? [
          {
            path: ["assets", id, "testRun"],
            message:
              "waits for an outage, since the grid carries the bus: say onGrid: true where the set is connected by an interlocked switch or by the inverter alone",
          },
        ]
      : [],
  );

const grids: Rule = (model) =>
  ofKind(model, "grid").flatMap(({ id, spec: { returns } }) =>
    returns.frequencyMin >= returns.frequencyMax
      ? [
          {
            path: ["assets", id, "returns"],
            message: "frequencyMin is not below frequencyMax: it never returns",
          },
        ]
      : [],
  );

export const SOURCE_RULES: readonly Rule[] = [tables, loadSteps, neverStops, neverTested, grids];
