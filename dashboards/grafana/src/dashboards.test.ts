// What every dashboard keeps to, in both languages, as Grafana will read it: the rules by which a panel is found,
// understood and asked. Each rule is seen to find a breach in a spoiled copy.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "./dashboard.ts";
import { DASHBOARDS, dashboardsIn } from "./files.ts";
import { LANGUAGES, type Language } from "./panel.ts";
import type { InfluxqlTarget, PromqlTarget } from "./targets.ts";

const SOURCE = "$" + "{source}";
type Rule = (panel: Panel, all: readonly Panel[]) => boolean;

const panelsOf = ({ panels = [] }: Dashboard): Panel[] =>
  panels.flatMap((panel) => ("gridPos" in panel && panel.type !== "row" ? [panel as Panel] : []));
const targetsOf = ({ targets = [] }: Panel): InfluxqlTarget[] => targets as InfluxqlTarget[];
const promqlOf = ({ targets = [] }: Panel): PromqlTarget[] => targets as PromqlTarget[];
const unique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
const overlap = ({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.x < b.x + b.w &&
  b.x < a.x + a.w &&
  a.y < b.y + b.h &&
  b.y < a.y + a.h;

/** Sentence → whether a panel keeps to it. */
const RULES: Record<string, Rule> = {
  "asks the data source that the variable names": (panel) =>
    panel.datasource?.uid === SOURCE && targetsOf(panel).every(({ datasource }) => datasource.uid === SOURCE),
  "has title, description and unit": (panel) =>
    [panel.title, panel.description, panel.fieldConfig?.defaults.unit].every((text) => (text ?? "") !== ""),
  "lies beside the others inside 24 columns": (panel, all) =>
    (panel.gridPos?.x ?? 24) + (panel.gridPos?.w ?? 0) <= 24 &&
    !all.some((other) => other.id !== panel.id && overlap(panel, other)),
  "asks something, each under its own refId": (panel) =>
    targetsOf(panel).length > 0 && unique(targetsOf(panel).map(({ refId }) => refId)),
  "asks each time for the chosen time and site": (panel) =>
    targetsOf(panel).every(({ query }) => {
      const selects = query.match(/SELECT/g)?.length ?? 0;
      const nested = query.match(/FROM \(/g)?.length ?? 0;
      const filters = query.match(/\$timeFilter/g)?.length ?? 0;
      return filters > nested - 1 && filters > 0 && selects > 0 && query.includes("/^$site$/");
    }),
  "has an id of its own": (panel, all) => unique(all.map(({ id }) => id)) && panel.id !== undefined,
};

const breaches = (all: readonly Panel[]): string[] =>
  all.flatMap((panel) =>
    Object.entries(RULES).flatMap(([sentence, keeps]) =>
      keeps(panel, all) ? [] : [`${panel.title}: ${sentence}`],
    ),
  );

for (const spec of DASHBOARDS)
  describe(`the dashboard ${spec.id}`, () => {
    for (const language of LANGUAGES)
      test(`keeps to the rules in ${language}`, () =>
        assert.deepEqual(breaches(panelsOf(dashboard(spec, { language, tongue: "influxql" }))), []));
    test("is the same in both languages but for its words", () => {
      const [en, es] = LANGUAGES.map((language) =>
        panelsOf(dashboard(spec, { language, tongue: "influxql" })),
      );
      const asked = (panels: Panel[] = []) =>
        panels.map((panel) => [panel.type, panel.gridPos, targetsOf(panel).map(({ query }) => query)]);
      assert.deepEqual(asked(es), asked(en));
      const words = (panels: Panel[] = []) =>
        panels.flatMap(({ title, description }) => [title, description]);
      const same = words(es).filter((text, place) => text === words(en)[place]);
      assert.deepEqual(same, []);
    });
  });

/** Sentence → whether a panel for VictoriaMetrics keeps to it. */
const PROMQL_RULES: Readonly<Record<string, Rule>> = {
  "asks the Prometheus source that the variable names": (panel) =>
    promqlOf(panel).every(({ datasource: { type, uid } }) => type === "prometheus" && uid === SOURCE),
  "asks each time for the chosen site": (panel) =>
    promqlOf(panel).length > 0 &&
    promqlOf(panel).every(({ expr }) => expr.match(/\{/g)?.length === expr.match(/site=~"\$site"/g)?.length),
  "is named by labels": (panel) =>
    promqlOf(panel).every(({ legendFormat }) => !legendFormat.includes("$tag_")),
  "asks for no text": (panel) => promqlOf(panel).every(({ expr }) => !/\b(alarm|decision)_value/.test(expr)),
};

for (const spec of dashboardsIn("promql"))
  test(`the dashboard ${spec.id} for VictoriaMetrics keeps to its rules`, () => {
    for (const language of LANGUAGES) {
      const panels = panelsOf(dashboard(spec, { language, tongue: "promql" }));
      const shared = { ...RULES };
      delete shared["asks each time for the chosen time and site"];
      const broken = panels.flatMap((panel) =>
        Object.entries({ ...shared, ...PROMQL_RULES }).flatMap(([sentence, keeps]) =>
          keeps(panel, panels) ? [] : [`${panel.title}: ${sentence}`],
        ),
      );
      assert.deepEqual(broken, []);
    }
  });

describe("each rule finds", () => {
  const first = DASHBOARDS[0];
  const spoilt = (spoil: (panels: Panel[]) => void, language: Language = "en"): string[] => {
    const panels = first === undefined ? [] : panelsOf(dashboard(first, { language, tongue: "influxql" }));
    spoil(panels);
    return breaches(panels).map((line) => line.replace(/^.*: /, ""));
  };
  const queryOf = (panels: Panel[], change: (query: string) => string): void => {
    const [target] = targetsOf(panels[1] ?? ({ type: "" } as Panel));
    if (target !== undefined) Object.assign(target, { query: change(target.query) });
  };
  //  a breach, how, the rule that finds it
  const CASES: [string, (panels: Panel[]) => void, keyof typeof RULES][] = [
    [
      "a fixed data source",
      ([panel]) => Object.assign(panel ?? {}, { datasource: { uid: "mine" } }),
      "asks the data source that the variable names",
    ],
    [
      "a missing description",
      ([panel]) => Object.assign(panel ?? {}, { description: "" }),
      "has title, description and unit",
    ],
    [
      "a panel over the edge",
      (panels) => Object.assign(panels.at(-1) ?? {}, { gridPos: { x: 13, y: 90, w: 12, h: 5 } }),
      "lies beside the others inside 24 columns",
    ],
    [
      "a panel that asks nothing",
      ([panel]) => Object.assign(panel ?? {}, { targets: [] }),
      "asks something, each under its own refId",
    ],
    [
      "a query for all time",
      (panels) => queryOf(panels, (query) => query.replaceAll("$timeFilter", "time > 17")),
      "asks each time for the chosen time and site",
    ],
    [
      "a query for all sites",
      (panels) => queryOf(panels, (query) => query.replace("/^$site$/", "'mine'")),
      "asks each time for the chosen time and site",
    ],
  ];
  for (const [breach, spoil, rule] of CASES) test(breach, () => assert.deepEqual(spoilt(spoil), [rule]));
  test("two panels in one place", () => {
    const found = spoilt(([one, two]) => Object.assign(two ?? {}, { gridPos: one?.gridPos }));
    assert.deepEqual(new Set(found), new Set(["lies beside the others inside 24 columns"]));
  });
});
