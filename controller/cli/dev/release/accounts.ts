// What is to be said against the packages that come along: a licence that does not go with ours, a version that is known to be
// bad, a script that npm would run. The lists are data (deploy/dependencies.yaml), with a date and a reason each. Pure.
import { z } from "zod";
import { type LockedPackage, nameOf } from "./lockfile.ts";

const reason = z.string().min(10);

export const Lists = z.strictObject({
  /** When a person last went through them. */
  reviewed: z.iso.date(),
  /** SPDX name → why it goes with AGPL-3.0-or-later. */
  licences: z.record(z.string(), reason),
  /** Packages whose manifest names none, or several: what their licence file says. */
  known: z.record(z.string(), z.strictObject({ licence: z.string(), why: reason })),
  /** Packages with a script of their own for the installation, and why it is not needed. */
  installScripts: z.record(z.string(), reason),
  denied: z.array(
    z.strictObject({
      name: z.string(),
      /** Exact ones; none: every version. */
      versions: z.array(z.string()).optional(),
      below: z
        .string()
        .regex(/^\d+\.\d+\.\d+$/)
        .optional(),
      since: z.iso.date(),
      why: reason,
    }),
  ),
});
export type Lists = z.output<typeof Lists>;

type Named = readonly [path: string, entry: LockedPackage];

const numbers = (version: string): readonly number[] => (version.split("-")[0] ?? "").split(".").map(Number);

/** Whether a version of three numbers comes before another. */
function isBelow(version: string, limit: string): boolean {
  const [a, b] = [numbers(version), numbers(limit)];
  const place = a.findIndex((part, index) => part !== b[index]);
  return place >= 0 && (a[place] ?? 0) < (b[place] ?? 0);
}

/** `(A OR B)` is fine with one of them, `A AND B` with both. */
function licenceGoes(text: string, allowed: Lists["licences"]): boolean {
  const plain = text.replace(/[()]/g, "");
  if (plain.includes(" OR ")) return plain.split(" OR ").some((one) => Object.hasOwn(allowed, one));
  return plain.split(" AND ").every((one) => Object.hasOwn(allowed, one));
}

export const licenceOf = ([path, { license }]: Named, { known }: Lists): string | undefined =>
  known[nameOf(path)]?.licence ?? license;

export function licenceComplaints(packages: readonly Named[], lists: Lists): readonly string[] {
  return packages.flatMap((one) => {
    const licence = licenceOf(one, lists);
    if (licence === undefined)
      return [`${nameOf(one[0])} names no licence: read its files, then name it under known:`];
    return licenceGoes(licence, lists.licences)
      ? []
      : [`${nameOf(one[0])} is under ${licence}, which is not on the list: find another package`];
  });
}

export function deniedComplaints(packages: readonly Named[], { denied }: Lists): readonly string[] {
  return packages.flatMap(([path, { version = "" }]) =>
    denied
      .filter(
        ({ name, versions, below }) =>
          name === nameOf(path) &&
          (versions?.includes(version) ?? (below === undefined || isBelow(version, below))),
      )
      .map(({ since, why }) => `${nameOf(path)} ${version} is on the deny-list since ${since}: ${why}`),
  );
}

/** Scripts that nobody has looked at, and reasons for one that is gone. */
export function scriptComplaints(packages: readonly Named[], { installScripts }: Lists): readonly string[] {
  const found = new Set(
    packages.flatMap(([path, { hasInstallScript }]) => (hasInstallScript ? [nameOf(path)] : [])),
  );
  return [
    ...[...found]
      .filter((name) => !Object.hasOwn(installScripts, name))
      .map(
        (name) =>
          `${name} has an install script: it is never run; say under installScripts: why it is not needed`,
      ),
    ...Object.keys(installScripts)
      .filter((name) => !found.has(name))
      .map((name) => `installScripts: ${name} has none any more`),
  ];
}
