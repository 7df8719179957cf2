// What a release is made of, as CycloneDX 1.6: each package with version, licence and the hash that npm checked. From lockfiles
// alone, so that the same sources give the same bytes.
import type { LockedPackage } from "./lockfile.ts";
import { nameOf } from "./lockfile.ts";

export interface Part {
  readonly path: string;
  readonly entry: LockedPackage;
  readonly licence: string;
}

export interface Release {
  readonly version: string;
  /** Of the sources; ISO. */
  readonly date: string;
}

const purlOf = (name: string, version: string): string =>
  `pkg:npm/${name.startsWith("@") ? name.replace("@", "%40") : name}@${version}`;

/** `sha512-…` of npm as CycloneDX writes it: in hexadecimal. */
function hashesOf(integrity: string | undefined): readonly { alg: string; content: string }[] {
  const [, kind, base64] = /^(sha512|sha1|sha256)-(.+)$/.exec(integrity ?? "") ?? [];
  if (kind === undefined || base64 === undefined) return [];
  const alg = { sha512: "SHA-512", sha256: "SHA-256", sha1: "SHA-1" }[kind] ?? kind;
  return [{ alg, content: Buffer.from(base64, "base64").toString("hex") }];
}

const licenceEntry = (licence: string) =>
  / (OR|AND) /.test(licence)
    ? [{ expression: licence.replace(/^\((.*)\)$/, "$1") }]
    : [{ license: { id: licence } }];

/** The text of the file. */
export function sbomText(parts: readonly Part[], { version, date }: Release): string {
  const components = new Map(
    parts.map(({ path, entry, licence }) => {
      const name = nameOf(path);
      const purl = purlOf(name, entry.version ?? "");
      const hashes = hashesOf(entry.integrity);
      return [
        purl,
        {
          ...{ type: "library", "bom-ref": purl, name, version: entry.version, purl },
          licenses: licenceEntry(licence),
          ...(hashes.length > 0 && { hashes }),
        },
      ] as const;
    }),
  );
  const sorted = [...components].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, component]) => component);
  const bom = {
    ...{
      $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
      bomFormat: "CycloneDX",
      specVersion: "1.6",
    },
    version: 1,
    metadata: {
      timestamp: date,
      component: {
        ...{ type: "application", "bom-ref": "gridwright", name: "gridwright", version },
        licenses: licenceEntry("AGPL-3.0-or-later"),
      },
    },
    components: sorted,
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}
