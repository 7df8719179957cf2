// The commands that ask the running controller for something: hold, clear, ask.
import type { RequestBody } from "@gridwright/contract/request.ts";
import type { Command } from "commander";
import { ask } from "./ask.ts";
import { onOff, reasonText, ttl } from "./flags.ts";

interface AskFlags {
  readonly why: string;
  readonly data: string;
  readonly json?: boolean;
  readonly for?: number;
}

const asking = (command: Command): Command =>
  command
    .argument("<asset>", "its id in the site file, or its name")
    .requiredOption("--why <text>", "needed: the reason, shown to everybody", reasonText)
    .option("--data <dir>", "data folder of the running controller", "data")
    .option("--json", "the answer as JSON");

export function addAskCommands(program: Command, write: (line: string) => void): void {
  const send = async (body: RequestBody, flags: AskFlags): Promise<void> => {
    const { data, json = false, for: ttlMs } = flags;
    process.exitCode = await ask({ body, data, json, write, ...(ttlMs !== undefined && { ttlMs }) });
  };
  asking(program.command("hold"))
    .description("hold a load off until it is cleared; always taken")
    .action((asset: string, flags: AskFlags) => send({ kind: "hold", asset, why: flags.why }, flags));
  asking(program.command("clear"))
    .description("end a hold")
    .action((asset: string, flags: AskFlags) => send({ kind: "clear-hold", asset, why: flags.why }, flags));
  asking(program.command("ask"))
    .description("ask for a load to be on or off for a while; control may refuse, and says why")
    .argument("<state>", "on or off", onOff)
    .option("--for <duration>", "how long, at most 15 min", ttl)
    .action((asset: string, on: boolean, flags: AskFlags) =>
      send({ kind: "switch", asset, on, why: flags.why }, flags),
    );
}
