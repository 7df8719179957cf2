// The site file and what belongs to it on disk: profiles beside it and the files of secrets that it names. What lies elsewhere
// is told, since a backup keeps only what can be put back beside the site file.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { SiteFile } from "@gridwright/runtime/backup/make.ts";
import { SITE_FILE } from "@gridwright/runtime/backup/read.ts";

export interface SiteFiles {
  readonly files: readonly SiteFile[];
  /** Named by the site file, and not beside it. */
  readonly elsewhere: readonly string[];
}

/** Files that the site file names. */
export function secretFilesOf({ site }: SiteModel): readonly string[] {
  const alerts = Object.values(site.alerts.channels).map((channel) => {
    if (channel.kind === "email") return channel.passwordFile;
    return "tokenFile" in channel ? channel.tokenFile : undefined;
  });
  const metrics = site.metrics.influx.map(({ passwordFile }) => passwordFile);
  return [...alerts, ...metrics, site.broker.credentials].filter((file) => file !== undefined);
}

/** What of an installed site lies beside its site file and says how it is run. */
const BESIDE = ["commissioned.yaml", "listen", "flows", "backup.conf"] as const;

function profilesBeside(folder: string): readonly string[] {
  const own = join(folder, "profiles");
  if (!existsSync(own)) return [];
  return readdirSync(own)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(own, name));
}

export function siteFilesOf(siteFile: string, model: SiteModel): SiteFiles {
  const folder = dirname(siteFile);
  const there = (files: readonly string[]): readonly string[] =>
    files.map((file) => resolve(folder, file)).filter((file) => existsSync(file));
  const named = there(secretFilesOf(model));
  const isBeside = (file: string): boolean => !relative(folder, file).startsWith("..");
  const kept = BESIDE.map((name) => join(folder, name)).filter((file) => existsSync(file));
  // No secrets: those that lie elsewhere are made again there.
  const authorities = there(model.site.metrics.influx.flatMap(({ caFile }) => caFile ?? [])).filter(isBeside);
  const beside = [
    ...new Set([...profilesBeside(folder), ...named.filter(isBeside), ...authorities, ...kept]),
  ];
  return {
    files: [
      { from: siteFile, path: SITE_FILE },
      ...beside
        .filter((file) => file !== siteFile)
        .map((file) => ({ from: file, path: relative(folder, file) })),
    ],
    elsewhere: named.filter((file) => !isBeside(file)),
  };
}
