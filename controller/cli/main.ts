// The command line. It only says what there is and hands over; what a command does is in commands/.
import { setInterval as every } from "node:timers";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { Command } from "commander";
import { addAskCommands } from "./commands/ask-commands.ts";
import { addBackupCommands } from "./commands/backup-commands.ts";
import { addBoxCommands } from "./commands/box-commands.ts";
import { check } from "./commands/check.ts";
import { addCommissionCommands } from "./commands/commission-commands.ts";
import { demo } from "./commands/demo.ts";
import { addDoctorCommands } from "./commands/doctor-commands.ts";
import { addEquipCommands } from "./commands/equip-commands.ts";
import { lanPlace, place, port, positive, whole } from "./commands/flags.ts";
import { addInstalledCommands, installedDefaults } from "./commands/installed-commands.ts";
import { addJobCommands } from "./commands/job-commands.ts";
import { addMapCommand } from "./commands/map.ts";
import { addPastCommands } from "./commands/past-commands.ts";
import { addPlanCommand } from "./commands/plan.ts";
import { runSite } from "./commands/run.ts";
import { addScenarioCommand } from "./commands/scenario.ts";
import { addSimulateCommand } from "./commands/simulate.ts";
import { addStoreCommands } from "./commands/store-commands.ts";
import { endWithReader } from "./commands/terminal-ways.ts";
import { addTlsCommands } from "./commands/tls.ts";
import { twin } from "./commands/twin.ts";
import { addUpdateCommands } from "./commands/update-commands.ts";
import { addVerifyCommand } from "./commands/verify.ts";
import { toldDenied } from "./denied.ts";
import type { LanPlace, PacePlace } from "./processes/startup.ts";
import { jsonTerminal, plainTerminal, type Terminal } from "./supervisor/terminal.ts";

const EXIT_FAILED = 1;
const PAGE_PORT = 8080;
const PARENT_CHECK_MS = 500;

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const terminal = (json: boolean | undefined): Terminal => (json ? jsonTerminal(write) : plainTerminal(write));

interface Common {
  readonly data: string;
  readonly port: number;
  readonly flows?: boolean;
  readonly json?: boolean;
}

const serving = (command: Command): Command =>
  command
    .option("--data <dir>", "folder for everything that is written", "data")
    .option("--port <number>", "port of the page on loopback; 0 takes any free one", port, PAGE_PORT)
    .option("--flows", "run the technicians' flows too (Node-RED; the first time it is installed)")
    .option("--json", "one JSON object a line instead of text");

interface DemoFlags extends Common {
  readonly seed: number;
  readonly speed: number;
  readonly scenario?: string;
  readonly anyPorts?: boolean;
  readonly box?: boolean;
}

function addDemo(program: Command): void {
  serving(program.command("demo"))
    .description("run the demo village, or any site file, on its simulated twin")
    .argument("[site.yaml]", "the site to simulate; without it the village that comes along")
    .option("--seed <number>", "seed of weather and habits", whole, 7)
    .option("--speed <factor>", "plant seconds per real second until the present is reached", positive, 60)
    .option("--scenario <file>", "weather, habits and events")
    .option("--box", "the village's saw and extractor on a box with its real firmware, in real time")
    .option("--any-ports", "devices and broker on any free ports, not on the site's own")
    .action((site: string | undefined, flags: DemoFlags, command: Command) =>
      demo({
        ...flags,
        ...(site !== undefined && { site }),
        portIsDefault: command.getOptionValueSource("port") === "default",
        terminal: terminal(flags.json),
      }),
    );
}

interface TwinFlags extends Omit<DemoFlags, "port"> {
  readonly pacePort: number;
}

function addTwin(program: Command): void {
  program
    .command("twin")
    .description(
      "the simulated plant of a site alone, on the site's own addresses; run controls it as a real one",
    )
    .argument("<site.yaml>")
    .option("--data <dir>", "the data folder that run uses: it holds the credentials of MQTT devices", "data")
    .option("--seed <number>", "seed of weather and habits", whole, 7)
    .option("--speed <factor>", "plant seconds per real second", positive, 1)
    .option("--pace-port <number>", "where plant time is given out; 0 takes any free one", port, 15_019)
    .option("--scenario <file>", "weather, habits and events")
    .option("--json", "one JSON object a line instead of text")
    .action((site: string, flags: TwinFlags) => twin({ ...flags, site, terminal: terminal(flags.json) }));
}

interface RunFlags extends Common {
  readonly config: string;
  readonly pace?: PacePlace;
  readonly listen?: LanPlace;
}

/** What keeps a site over the years. */
const UPKEEP = [
  addBackupCommands,
  addTlsCommands,
  addEquipCommands,
  addInstalledCommands,
  addUpdateCommands,
  addDoctorCommands,
  addBoxCommands,
];

function build(): Command {
  const program = new Command("gridwright")
    .description("Controller for community microgrids and shared workshops.")
    .version("0.1.0")
    .showHelpAfterError("(gridwright --help tells more)");
  serving(program.command("run"))
    .description("run a real site: its devices, its loads, its page")
    .requiredOption("--config <site.yaml>", "the site file")
    .option("--pace <host:port>", "take plant time from a twin (see gridwright twin)", place)
    .option(
      "--listen <address>",
      "serve the page there too, by TLS, for phones; port 8443 unless named",
      lanPlace,
    )
    .action((flags: RunFlags) => runSite({ ...flags, terminal: terminal(flags.json) }));
  addDemo(program);
  program
    .command("check")
    .description("name every mistake of a site file, and what is unwise in it; starts nothing")
    .argument("<site.yaml>")
    .option("--json", "one JSON object instead of text")
    .action((file: string, { json = false }: { readonly json?: boolean }) => {
      process.exitCode = check(file, { json, write });
    });
  addTwin(program);
  addAskCommands(program, write);
  addJobCommands(program, write);
  addPastCommands(program, write);
  addCommissionCommands(program, write);
  addMapCommand(program, write);
  addScenarioCommand(program, write);
  addPlanCommand(program, write);
  addSimulateCommand(program, write);
  addStoreCommands(program, write);
  addVerifyCommand(program, write);
  for (const add of UPKEEP) add(program, write);
  program.addHelpText(
    "after",
    "\nnpm start is `gridwright demo`; npm start -- --config site.yaml is `gridwright run`.\nThe manual begins in README.md; site.yaml is explained in docs/site.md.",
  );
  return program;
}

/** Under npm and the launcher there are parents; when they are gone nobody can end us any more, so we end. */
function endWithParent(): void {
  const parent = process.ppid;
  every(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, PARENT_CHECK_MS).unref();
}

endWithParent();
endWithReader();
try {
  const program = build();
  installedDefaults(program, process.env.GRIDWRIGHT_DATA);
  await program.parseAsync();
} catch (thrown) {
  const error = toldDenied(thrown);
  const known = error instanceof GridwrightError;
  process.stderr.write(
    `gridwright: ${error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)}\n`,
  );
  process.exitCode = EXIT_FAILED;
}
