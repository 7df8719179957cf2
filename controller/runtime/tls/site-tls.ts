// The site's own authority and what it signed: the certificate of the page, of the broker, and of the programs beside it. Made
// when they are first needed, kept 0600, renewed in time. A new authority means that every phone must install it again, so it
// is made only when it must be. Processes that start side by side make them in turn.
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { z } from "zod";
import { lockInTurn } from "../data-folder/lock.ts";
import { makeFolder } from "../data-folder/made-folder.ts";
import { readSecretFile, replaceSecretFile } from "../secrets/secret-file.ts";
import { type Certified, endOf, fingerprintOf, makeAuthority, makeServer } from "./certificates.ts";

/** Who shows a certificate: the page, the broker that devices reach, a database beside it. */
export const TLS_SERVERS = ["page", "broker", "influxdb"] as const;
export type TlsServer = (typeof TLS_SERVERS)[number];

const PemPair = z.strictObject({ key: z.string().min(1), cert: z.string().min(1) });
const Server = z.strictObject({ ...PemPair.shape, hosts: z.array(z.string()) });
const OfAll = z.strictObject({ ca: PemPair, servers: z.partialRecord(z.enum(TLS_SERVERS), Server) });
type KeptTls = z.infer<typeof OfAll>;
/** Until there was another server than the page. */
const OfThePage = z
  .strictObject({ ca: PemPair, server: PemPair, hosts: z.array(z.string()) })
  .transform(({ ca, server, hosts }): KeptTls => ({ ca, servers: { page: { ...server, hosts } } }));
export const KeptTls = z.union([OfAll, OfThePage]);

export interface SiteTls {
  readonly server: Certified;
  /** PEM of the authority, for phones and devices. */
  readonly authority: string;
  /** SHA-256 of it, to compare on the phone. */
  readonly fingerprint: string;
}

export interface TlsPlace {
  readonly dataDir: string;
  /** Name of the site, shown by phones. */
  readonly site: string;
  readonly name: TlsServer;
  /** Addresses and names by which it is reached. */
  readonly hosts: readonly string[];
  readonly io: Clock;
}

const DAY_MS = 86_400_000;
const RENEW_SERVER_MS = 30 * DAY_MS;
const RENEW_AUTHORITY_MS = 400 * DAY_MS;
/** A computer without a clock chip starts in the past; what it makes then must still be valid today. */
export const EARLIEST_MS = Date.UTC(2026, 0, 1);

async function kept(path: string): Promise<KeptTls | undefined> {
  const value = await readSecretFile(path);
  if (value === undefined) return undefined;
  const parsed = KeptTls.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GridwrightError(
    "data-folder-unusable",
    `${path} is damaged. Restore it from a backup; deleting it makes a new authority, which every phone must install again.`,
    { place: { file: path } },
  );
}

export interface KnownTls extends Pick<SiteTls, "authority" | "fingerprint"> {
  readonly servers: readonly {
    readonly name: TlsServer;
    readonly hosts: readonly string[];
    /** ms since 1970. */
    readonly ends: number;
  }[];
  /** ms since 1970. */
  readonly authorityEnds: number;
}

const fileIn = (dataDir: string): string => join(dataDir, "secrets", "tls.json");

function knownOf({ ca, servers }: KeptTls): KnownTls {
  return {
    ...{ authority: ca.cert, fingerprint: fingerprintOf(ca.cert), authorityEnds: endOf(ca.cert) },
    servers: TLS_SERVERS.flatMap((name) => {
      const server = servers[name];
      return server === undefined ? [] : [{ name, hosts: server.hosts, ends: endOf(server.cert) }];
    }),
  };
}

/** What a site has; undefined: nothing yet. Throws `data-folder-unusable`. */
export async function tlsIn(dataDir: string): Promise<KnownTls | undefined> {
  const known = await kept(fileIn(dataDir));
  return known && knownOf(known);
}

/** Lets certificates and authority go; the next start makes new ones. Gives what was known of the old. */
export async function revokeTls(dataDir: string): Promise<KnownTls | undefined> {
  const known = await tlsIn(dataDir);
  await rm(fileIn(dataDir), { force: true });
  return known;
}

async function inTurn<T>(dataDir: string, work: (path: string) => Promise<T>): Promise<T> {
  const path = fileIn(dataDir);
  await makeFolder(dirname(path), 0o700);
  const release = await lockInTurn(dirname(path), "secrets.lock");
  try {
    return await work(path);
  } finally {
    release();
  }
}

/** Forgets the certificates that nobody shows any more, so that their end is nobody's concern. */
export async function keepServers(dataDir: string, names: readonly TlsServer[]): Promise<void> {
  const surplus = (servers: object): boolean =>
    TLS_SERVERS.some((name) => name in servers && !names.includes(name));
  const known = await kept(fileIn(dataDir));
  if (known === undefined || !surplus(known.servers)) return;
  await inTurn(dataDir, async (path) => {
    const now = await kept(path);
    if (now === undefined) return;
    const servers = Object.fromEntries(
      names.flatMap((name) => (now.servers[name] === undefined ? [] : [[name, now.servers[name]]])),
    );
    await replaceSecretFile(path, { ca: now.ca, servers } satisfies KeptTls);
  });
}

type Wanted = Pick<TlsPlace, "name" | "hosts"> & { readonly now: number };

const lasts = (cert: string, now: number, restMs: number): boolean => endOf(cert) - now > restMs;

/** What is kept, where neither authority nor certificate need to be made. */
function sound(old: KeptTls | undefined, { name, hosts, now }: Wanted): SiteTls | undefined {
  const server = old?.servers[name];
  if (old === undefined || server === undefined) return undefined;
  const { ca } = old;
  const holds = lasts(ca.cert, now, RENEW_AUTHORITY_MS) && lasts(server.cert, now, RENEW_SERVER_MS);
  if (!holds || !hosts.every((host) => server.hosts.includes(host))) return undefined;
  const { key, cert } = server;
  return { server: { key, cert }, authority: ca.cert, fingerprint: fingerprintOf(ca.cert) };
}

/** Opens what the site has, making and renewing what it needs. Throws `data-folder-unusable`. */
export async function openTls({ dataDir, site, name, hosts, io }: TlsPlace): Promise<SiteTls> {
  const wanted = { name, hosts, now: Math.max(io.wall(), EARLIEST_MS) };
  const { now } = wanted;
  const known = sound(await kept(fileIn(dataDir)), wanted);
  if (known !== undefined) return known;
  return inTurn(dataDir, async (path) => {
    const old = await kept(path);
    const made = sound(old, wanted);
    if (made !== undefined) return made;
    const isOld = old === undefined || !lasts(old.ca.cert, now, RENEW_AUTHORITY_MS);
    const ca = isOld ? await makeAuthority(site, now) : old.ca;
    const server = await makeServer(ca, hosts, now);
    const servers = { ...(isOld ? {} : old.servers), [name]: { ...server, hosts: [...hosts] } };
    await replaceSecretFile(path, { ca, servers } satisfies KeptTls);
    return { server, authority: ca.cert, fingerprint: fingerprintOf(ca.cert) };
  });
}
