// Whether an electrician measured what no computer can see, and signed it: `commissioned.yaml` beside the site file. Nothing is refused
// without it; every start says so.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { parse } from "yaml";
import { z } from "zod";

/** As docs/commissioning.md explains them. */
export const COMMISSIONING_CHECKS = [
  ...["earthing", "n-pe-bond-on-island", "rcd-on-grid", "rcd-on-island"],
  ...["breakers-on-island", "over-voltage", "surge-protection"],
  ...["emergency-stops", "no-volt-release", "hand-0-auto", "silence", "meters", "generator"],
] as const;

const said = z.coerce.string().min(1);
const Signed = z.strictObject({
  by: said,
  date: z.union([z.iso.date(), z.date()]),
  checks: z.record(z.string(), said),
});

const NAME = "commissioned.yaml";
const CURE = "see docs/commissioning.md";

function complaint(file: string): string | undefined {
  if (!existsSync(file)) return `nobody has signed that this site was commissioned (${file}): ${CURE}`;
  try {
    const { checks } = Signed.parse(parse(readFileSync(file, "utf8")));
    const missing = COMMISSIONING_CHECKS.filter((name) => !Object.hasOwn(checks, name));
    return missing.length === 0
      ? undefined
      : `the commissioning is not complete (${file}): ${missing.join(", ")}; ${CURE}`;
  } catch (error) {
    const why =
      error instanceof z.ZodError ? error.issues.map(({ path }) => path.join(".")).join(", ") : String(error);
    return `${file} is not understood (${why}): ${CURE}`;
  }
}

/** What a start says; undefined: it is signed, or there is nothing real to measure. */
export const commissioningNag = (siteFile: string, { site }: SiteModel): string | undefined =>
  site.site.simulated === true || Object.keys(site.devices).length === 0
    ? undefined
    : complaint(join(dirname(siteFile), NAME));
