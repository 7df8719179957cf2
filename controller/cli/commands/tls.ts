// `gridwright tls show | ca | revoke`: the site's own authority, what it signed, and how it is taken back. It signs for this site
// alone: to take back is to let it and all its certificates go, so that nobody who installed the new one trusts what was stolen.

import { GridwrightError } from "@gridwright/contract/errors.ts";
import { type KnownTls, revokeTls, tlsIn } from "@gridwright/runtime/tls/site-tls.ts";
import type { Command } from "commander";

type Write = (line: string) => void;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

const lines = ({ fingerprint, servers, authorityEnds }: KnownTls): readonly string[] => [
  `authority  ${fingerprint}`,
  `           until ${day(authorityEnds)}; what phones install at /ca.crt`,
  ...servers.map(({ name, hosts, ends }) => `${name.padEnd(10)} ${hosts.join(", ")}, until ${day(ends)}`),
];

const NONE =
  "This site has no certificate yet: it is made when page or broker are first served beyond this machine.";

async function show(dataDir: string, write: Write): Promise<void> {
  const known = await tlsIn(dataDir);
  for (const line of known === undefined ? [NONE] : lines(known)) write(line);
}

/** For devices that are given it as a file. Throws `usage` where there is none. */
async function showAuthority(dataDir: string, write: Write): Promise<void> {
  const known = await tlsIn(dataDir);
  if (known === undefined) throw new GridwrightError("usage", NONE);
  write(known.authority.trimEnd());
}

async function revoke(dataDir: string, write: Write): Promise<void> {
  const before = await revokeTls(dataDir);
  if (before === undefined) return write(NONE);
  write(`Taken back: ${before.fingerprint}`);
  write(
    "Start services and broker again (sudo systemctl restart gridwright-services gridwright-broker): they make a new authority and new keys; gridwright tls show gives the new fingerprint.",
  );
  write(
    "On every phone and device remove the old authority and install the new one from /ca.crt: only then is the old one worth nothing there.",
  );
}

export function addTlsCommands(program: Command, write: Write): void {
  const tls = program
    .command("tls")
    .description("the site's own authority and its certificates: show, ca, revoke");
  const withData = (command: Command): Command =>
    command.option("--data <dir>", "data folder of the site", "data");
  withData(tls.command("show"))
    .description("fingerprint, names and ends")
    .action(({ data }: { readonly data: string }) => show(data, write));
  withData(tls.command("ca"))
    .description("the authority's certificate as PEM, for phones, devices and programs that are to trust it")
    .action(({ data }: { readonly data: string }) => showAuthority(data, write));
  withData(tls.command("revoke"))
    .description("take back authority and certificates, as after a theft; every phone installs the new one")
    .action(({ data }: { readonly data: string }) => revoke(data, write));
}
