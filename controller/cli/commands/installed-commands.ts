// The commands of an installed site: the set-up link, and the page's door to the people's network. They read what services left in
// memory and change one file beside the site file; services take it up when they are started again.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { hasAdmin } from "@gridwright/runtime/people/book.ts";
import { openBook } from "@gridwright/runtime/people/book-file.ts";
import type { Argument, Command } from "commander";
import type { LanPlace } from "../processes/startup.ts";
import { listenFile, phonesFile, setUpLinkFile } from "../processes/unit-place.ts";
import { lanUrl } from "../processes/unit-set-up.ts";
import { lanPlace } from "./flags.ts";
import { refuseUnreachable } from "./lan-address.ts";

type Write = (line: string) => void;

export const SITE = "/etc/gridwright/site.yaml";
const RUNTIME = "/run/gridwright";
const LOOK_EVERY_MS = 500;
const PATIENCE_MS = 60_000;

interface SetUpFlags {
  readonly data: string;
  readonly runtime: string;
}

/** Services may only just have been started. Throws `usage` where they do not come up. */
async function setUp({ data, runtime }: SetUpFlags, write: Write): Promise<void> {
  const file = setUpLinkFile({ runtimeDir: runtime });
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    // First: the link stays until services are started again, also when somebody has used it.
    if (hasAdmin((await openBook(data)).now()))
      return write("This site has an admin, who invites the others on the page («People, for admins»).");
    if (existsSync(file)) break;
    if (waited >= PATIENCE_MS)
      throw new GridwrightError(
        "usage",
        "There is no set-up link: services are not up. See: sudo journalctl -u gridwright-services -o cat",
      );
    await wait(LOOK_EVERY_MS);
  }
  write(
    "Nobody has an account yet. Open this link once to become the admin (where there are several, the first that this device reaches):",
  );
  for (const link of readFileSync(file, "utf8").trim().split("\n")) write(`  ${link}`);
  write(
    "The first one is of this machine alone. From another computer, first: ssh -L 8080:127.0.0.1:8080 USER@THIS-MACHINE",
  );
}

interface LanFlags {
  readonly config: string;
  readonly runtime: string;
}

const MANAGED = "/run/systemd/system";

/** False: they do not come up. Where no service manager runs nothing is done, and that is said. */
function restartServices(write: Write): boolean {
  if (!existsSync(MANAGED)) {
    write("Start services again, so that they take it up.");
    return true;
  }
  const { status } = spawnSync("systemctl", ["restart", "gridwright-services.service"], { stdio: "inherit" });
  return status === 0;
}

/** Undefined: there is to be none. */
function replaceListen(file: string, text: string | undefined): void {
  if (text === undefined) rmSync(file, { force: true });
  else writeFileSync(file, text);
}

/** Throws `usage` where the address is none of this machine's, or services do not come up with it: then it is as before. */
function openLan(place: LanPlace, flags: LanFlags, write: Write): void {
  const { address, port } = place;
  refuseUnreachable(address, networkInterfaces());
  const file = listenFile({ siteFile: flags.config });
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  replaceListen(file, `${address.includes(":") ? `[${address}]` : address}:${port}\n`);
  if (!restartServices(write)) {
    replaceListen(file, before);
    restartServices(write);
    throw new GridwrightError(
      "usage",
      `The page was not opened: services do not come up with ${lanUrl(place)}, so it is as it was. Why: sudo journalctl -u gridwright-services -o cat -e`,
    );
  }
  write(`The page is opened to the network, by TLS: ${lanUrl(place)}`);
  showLan(flags, write);
}

function closeLan({ config }: LanFlags, write: Write): void {
  replaceListen(listenFile({ siteFile: config }), undefined);
  if (!restartServices(write))
    throw new GridwrightError(
      "usage",
      "The page will be on this machine alone, but services do not come up. Why: sudo journalctl -u gridwright-services -o cat -e",
    );
  write("The page is on this machine alone.");
}

function showLan({ config, runtime }: LanFlags, write: Write): void {
  const file = phonesFile({ runtimeDir: runtime });
  const otherwise = existsSync(listenFile({ siteFile: config }))
    ? "The page is opened to the network once services are up."
    : "The page is on this machine alone. Open it: sudo gridwright lan open ADDRESS";
  write(existsSync(file) ? readFileSync(file, "utf8").trimEnd() : otherwise);
}

export function addInstalledCommands(program: Command, write: Write): void {
  program
    .command("set-up")
    .description("the link by which the first admin of an installed site signs in; once")
    .option("--data <dir>", "data folder of the site", "data")
    .option("--runtime <dir>", "folder in memory of the installed site", RUNTIME)
    .action((flags: SetUpFlags) => setUp(flags, write));
  const lan = program
    .command("lan")
    .description("the page in the people's network: show; open ADDRESS; close (of an installed site)");
  const placed = (command: Command): Command =>
    command
      .option("--config <site.yaml>", "the site file, beside which it is kept", SITE)
      .option("--runtime <dir>", "folder in memory of the installed site", RUNTIME);
  placed(lan.command("show", { isDefault: true }))
    .description("how phones reach the page")
    .action((flags: LanFlags) => showLan(flags, write));
  placed(lan.command("open"))
    .description("by TLS, at this machine's address in the people's own network; port 8443 unless named")
    .argument("<address>", "for example 192.168.1.10", lanPlace)
    .action((place: LanPlace, flags: LanFlags) => openLan(place, flags, write));
  placed(lan.command("close"))
    .description("the page is on this machine alone again")
    .action((flags: LanFlags) => closeLan(flags, write));
}

const isDataFolder = ({ defaultValue }: Argument): boolean => defaultValue === "data";

/** In an installed site nobody should have to say where its data is. */
export function installedDefaults(program: Command, data: string | undefined): void {
  if (data === undefined) return;
  for (const command of program.commands) {
    command.options.find(({ long }) => long === "--data")?.default(data);
    for (const option of command.options.filter(({ long }) => long === "--data"))
      command.setOptionValueWithSource(option.attributeName(), data, "default");
    command.registeredArguments.find(isDataFolder)?.default(data);
    installedDefaults(command, data);
  }
}
