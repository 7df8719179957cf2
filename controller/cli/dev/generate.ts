// The generated files and the modules that render them. One table, so that `generate` writes and `check` compares the
// very same texts. A generator must be pure: the same sources give the same bytes on every machine.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { grafanaFiles } from "@gridwright/grafana/src/files.ts";
import { boxImageSays } from "./generators/box-image.ts";
import { boxHeader, boxProtocolPage, boxVectors, boxVectorsInC } from "./generators/box-protocol.ts";
import { busPage, errorsPage, pointsPage, reasonsPage } from "./generators/contract-docs.ts";
import { devicePages } from "./generators/device-pages.ts";
import { metricsPage } from "./generators/metrics-page.ts";
import { openApiText } from "./generators/openapi.ts";
import { outwardPage } from "./generators/outward-pages.ts";
import { planCasePage, planCaseSchema } from "./generators/plan-docs.ts";
import { scenarioPage } from "./generators/scenario-page.ts";
import { profilePage, profileSchema, sitePage, siteSchema } from "./generators/site-docs.ts";
import { unitFiles } from "./generators/units.ts";
import { reliabilityPage } from "./reliability/page.ts";
import { ROOT } from "./root.ts";

export interface Generator {
  /** Where the text belongs, from the root of the repository. */
  readonly path: string;
  render(): Promise<string> | string;
}

export const GENERATORS: readonly Generator[] = [
  { path: "RELIABILITY.md", render: reliabilityPage },
  { path: "docs/points.md", render: pointsPage },
  { path: "docs/errors.md", render: errorsPage },
  { path: "docs/reasons.md", render: reasonsPage },
  { path: "docs/bus.md", render: busPage },
  { path: "docs/metrics.md", render: metricsPage },
  { path: "docs/openapi.json", render: openApiText },
  { path: "docs/outward.md", render: outwardPage },
  { path: "docs/scenarios.md", render: scenarioPage },
  { path: "docs/site.md", render: sitePage },
  { path: "docs/site.schema.json", render: siteSchema },
  { path: "docs/profile.md", render: profilePage },
  { path: "docs/profile.schema.json", render: profileSchema },
  { path: "docs/plan-case.md", render: planCasePage },
  { path: "docs/plan-case.schema.json", render: planCaseSchema },
  { path: "docs/box-protocol.md", render: boxProtocolPage },
  { path: "firmware-bridge/firmware/generated/protocol.h", render: boxHeader },
  { path: "firmware-bridge/firmware/generated/vectors.h", render: boxVectorsInC },
  { path: "firmware-bridge/generated/vectors.json", render: boxVectors },
  { path: "firmware-bridge/firmware/gridwright-box.json", render: boxImageSays },
  ...unitFiles().map(({ path, render }) => ({ path: `deploy/units/${path}`, render })),
  ...devicePages(),
  ...grafanaFiles().map(({ path, render }) => ({ path: `dashboards/grafana/generated/${path}`, render })),
];

/** Writes what differs; gives the paths it wrote. */
export async function writeGenerated(generators: readonly Generator[], root = ROOT): Promise<string[]> {
  const written: string[] = [];
  for (const generator of generators) {
    const text = await generator.render();
    const path = join(root, generator.path);
    if ((await present(path)) === text) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    written.push(generator.path);
  }
  return written;
}

/** Gives the paths whose file is missing or differs from what its generator renders. */
export async function driftedFiles(generators: readonly Generator[], root = ROOT): Promise<string[]> {
  const drifted: string[] = [];
  for (const generator of generators) {
    if ((await present(join(root, generator.path))) !== (await generator.render())) {
      drifted.push(generator.path);
    }
  }
  return drifted;
}

async function present(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
