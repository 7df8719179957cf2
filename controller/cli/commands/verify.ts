// `gridwright verify`: checks an energy ledger from its files alone, whether or not a controller runs.
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { ledgerFiles } from "@gridwright/runtime/ledger/ledger-files.ts";
import { type Verified, verifyLedger } from "@gridwright/runtime/ledger/verify.ts";
import type { Command } from "commander";

type Write = (line: string) => void;

/** The ledger in a data folder, in its demo's, or the folder itself. Throws `usage` when there is none. */
async function ledgerPlace(folder: string): Promise<string> {
  const path = resolve(folder);
  for (const place of [path, join(path, "ledger"), join(path, "demo", "ledger")])
    if ((await ledgerFiles(place)).length > 0) return place;
  throw new GridwrightError(
    "usage",
    `${path} holds no ledger. Name the data folder of a site whose site file has ledger: (run writes to ./data, the demo to ./data/demo).`,
  );
}

const minuteOf = (t: number): string => new Date(t).toISOString().slice(0, 16).replace("T", " ");

function report({ fault, ...ledger }: Verified): readonly string[] {
  const { records, slots, corrections, from, to, publicKey } = ledger;
  const span = from === undefined || to === undefined ? "" : ` from ${minuteOf(from)} to ${minuteOf(to)} UTC`;
  const key = createHash("sha256").update(publicKey).digest("hex").slice(0, 16);
  const said = `${records} records: ${slots} quarters of an hour${span}, ${corrections} corrections; signed by key ${key}`;
  if (fault !== undefined) return [`Up to there ${said}`, `First difference: ${fault}`];
  const losses = [...ledger.balances].filter(([account]) => account.startsWith("losses:"));
  return [
    said,
    "Every line follows the one before it, is signed, and books what its entries give; all accounts sum to 0.",
    ...(ledger.photosMissing === 0
      ? []
      : [`${ledger.photosMissing} photos of readings are not kept any more`]),
    ...losses.map(([account, wh]) => `${account} ${(wh / 1_000).toFixed(1)} kWh`),
  ];
}

export function addVerifyCommand(program: Command, write: Write): void {
  program
    .command("verify")
    .description(
      "reckon an energy ledger anew from its meters' entries; names the first difference, exit code 1",
    )
    .argument("[folder]", "a data folder, running or not, or a ledger's folder", "data")
    .action(async (folder: string) => {
      const verified = await verifyLedger(await ledgerPlace(folder));
      for (const line of report(verified)) write(line);
      if (verified.fault !== undefined) process.exitCode = 1;
    });
}
