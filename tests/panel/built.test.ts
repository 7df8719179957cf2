// The committed build of the Grafana panel is of the committed sources: whoever changes one builds the other.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BUILT_FROM, panelState } from "@gridwright/cli/dev/panel.ts";
import { ROOT } from "@gridwright/cli/dev/root.ts";
import { FLOW_PLUGIN } from "@gridwright/grafana/src/panel.ts";
import { PLUGIN_DIR } from "./panel-page.ts";

const textOf = (path: string): string => readFileSync(join(PLUGIN_DIR, path), "utf8");

test("the panel is built from its sources, and nobody touched what was built: npm run panel", () =>
  assert.deepEqual(JSON.parse(readFileSync(join(ROOT, BUILT_FROM), "utf8")), panelState()));

test("the plugin has the name that dashboards ask for, and its licence", () => {
  const { id, type } = JSON.parse(textOf("plugin.json")) as { id: string; type: string };
  assert.deepEqual([id, type], [FLOW_PLUGIN, "panel"]);
  assert.equal(textOf("LICENSE"), readFileSync(join(ROOT, "LICENSE"), "utf8"));
});

test("it is small: Grafana's own libraries are not in it", () => {
  assert.ok(statSync(join(PLUGIN_DIR, "module.js")).size < 60_000);
  const [, names = ""] = /^define\(\[(.*?)\]/m.exec(textOf("module.js")) ?? [];
  assert.deepEqual(names.replaceAll('"', "").split(",").sort(), [
    "@emotion/css",
    "@grafana/data",
    "@grafana/ui",
    "module",
    "react",
  ]);
});
