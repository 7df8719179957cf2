// `gridwright tls show | revoke`: the certificate by which the page is reached from phones, and how it is taken back. There is one
// certificate and one authority that signed it and nothing else: to take back is to let both go, so that nobody who installed
// the new one trusts what was stolen.

import { type KnownTls, revokeTls, tlsIn } from "@gridwright/runtime/tls/site-tls.ts";
import type { Command } from "commander";

type Write = (line: string) => void;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

const lines = ({ fingerprint, hosts, serverEnds, authorityEnds }: KnownTls): readonly string[] => [
  `authority  ${fingerprint}`,
  `           until ${day(authorityEnds)}; what phones install at /ca.crt`,
  `page       ${hosts.join(", ")}, until ${day(serverEnds)}`,
];

const NONE =
  "This site has no certificate yet: it is made when the page is first served beyond this machine.";

async function show(dataDir: string, write: Write): Promise<void> {
  const known = await tlsIn(dataDir);
  for (const line of known === undefined ? [NONE] : lines(known)) write(line);
}

async function revoke(dataDir: string, write: Write): Promise<void> {
  const before = await revokeTls(dataDir);
  if (before === undefined) return write(NONE);
  write(`Taken back: ${before.fingerprint}`);
  write(
    "Start services again (sudo systemctl restart gridwright-services): they make a new authority and a new key, and print the new fingerprint.",
  );
  write(
    "On every phone remove the old authority and install the new one from /ca.crt: only then is the old one worth nothing there.",
  );
}

export function addTlsCommands(program: Command, write: Write): void {
  const tls = program
    .command("tls")
    .description("the certificate by which phones reach the page: show, revoke");
  const withData = (command: Command): Command =>
    command.option("--data <dir>", "data folder of the site", "data");
  withData(tls.command("show"))
    .description("fingerprint, names and ends")
    .action(({ data }: { readonly data: string }) => show(data, write));
  withData(tls.command("revoke"))
    .description("take back certificate and authority, as after a theft; every phone installs the new one")
    .action(({ data }: { readonly data: string }) => revoke(data, write));
}
