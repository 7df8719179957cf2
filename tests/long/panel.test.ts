import assert from "node:assert/strict";
import { test } from "node:test";
import { buildPanel } from "@gridwright/cli/dev/panel.ts";

test("Grafana's own tools make of the panel's sources what is committed", { timeout: 1_800_000 }, async () =>
  assert.equal(await buildPanel(true), 0),
);
