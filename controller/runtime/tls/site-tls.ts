// The site's own authority and the certificate of its page: made at the first start that leaves loopback, kept 0600,
// renewed in time. A new authority means that every phone must install it again, so it is made only when it must be.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { z } from "zod";
import { readSecretFile, replaceSecretFile } from "../secrets/secret-file.ts";
import { type Certified, endOf, fingerprintOf, makeAuthority, makeServer } from "./certificates.ts";

const PemPair = z.strictObject({ key: z.string().min(1), cert: z.string().min(1) });
const Kept = z.strictObject({ ca: PemPair, server: PemPair, hosts: z.array(z.string()) });
type Kept = z.infer<typeof Kept>;

export interface SiteTls {
  readonly server: Certified;
  /** PEM of the authority, for phones. */
  readonly authority: string;
  /** SHA-256 of it, to compare on the phone. */
  readonly fingerprint: string;
}

export interface TlsPlace {
  readonly dataDir: string;
  /** Name of the site, shown by phones. */
  readonly site: string;
  /** Addresses and names by which it is reached. */
  readonly hosts: readonly string[];
  readonly io: Clock;
}

const DAY_MS = 86_400_000;
const RENEW_SERVER_MS = 30 * DAY_MS;
const RENEW_AUTHORITY_MS = 400 * DAY_MS;
/** A computer without a clock chip starts in the past; what it makes then must still be valid today. */
export const EARLIEST_MS = Date.UTC(2026, 0, 1);

async function kept(path: string): Promise<Kept | undefined> {
  const value = await readSecretFile(path);
  if (value === undefined) return undefined;
  const parsed = Kept.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GridwrightError(
    "data-folder-unusable",
    `${path} is damaged. Restore it from a backup; deleting it makes a new authority, which every phone must install again.`,
    { place: { file: path } },
  );
}

export interface KnownTls extends Pick<SiteTls, "fingerprint"> {
  readonly hosts: readonly string[];
  /** ms since 1970. */
  readonly serverEnds: number;
  readonly authorityEnds: number;
}

const fileIn = (dataDir: string): string => join(dataDir, "secrets", "tls.json");

/** What a site has; undefined: nothing yet. Throws `data-folder-unusable`. */
export async function tlsIn(dataDir: string): Promise<KnownTls | undefined> {
  const known = await kept(fileIn(dataDir));
  return (
    known && {
      fingerprint: fingerprintOf(known.ca.cert),
      ...{ hosts: known.hosts, serverEnds: endOf(known.server.cert), authorityEnds: endOf(known.ca.cert) },
    }
  );
}

/** Lets certificate and authority go; the next start makes new ones. Gives what was known of the old. */
export async function revokeTls(dataDir: string): Promise<KnownTls | undefined> {
  const known = await tlsIn(dataDir);
  await rm(fileIn(dataDir), { force: true });
  return known;
}

/** Opens what the site has, making and renewing what it needs. Throws `data-folder-unusable`. */
export async function openTls({ dataDir, site, hosts, io }: TlsPlace): Promise<SiteTls> {
  const path = fileIn(dataDir);
  const now = Math.max(io.wall(), EARLIEST_MS);
  const old = await kept(path);
  const keepsAuthority = old !== undefined && endOf(old.ca.cert) - now > RENEW_AUTHORITY_MS;
  const ca = keepsAuthority ? old.ca : await makeAuthority(site, now);
  const keepsServer =
    keepsAuthority &&
    endOf(old.server.cert) - now > RENEW_SERVER_MS &&
    hosts.every((host) => old.hosts.includes(host));
  const server = keepsServer ? old.server : await makeServer(ca, hosts, now);
  if (!keepsServer) await replaceSecretFile(path, { ca, server, hosts: [...hosts] } satisfies Kept);
  return { server, authority: ca.cert, fingerprint: fingerprintOf(ca.cert) };
}
