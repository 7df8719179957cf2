// `gridwright equip` and `gridwright mosquitto-conf`: what mosquitto and InfluxDB beside the controller need of it. install.sh calls them; services do the
// first one's work at each of their starts and every ten minutes.
import { isPlain } from "@gridwright/contract/site/broker-spec.ts";
import { equip, FOLDERS } from "@gridwright/runtime/beside/equip.ts";
import { mosquittoConf } from "@gridwright/runtime/broker/mosquitto-files.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import type { Command } from "commander";
import { loadSite } from "../load-site.ts";
import { SITE } from "./installed-commands.ts";

type Write = (line: string) => void;

interface EquipFlags {
  readonly config: string;
  readonly data: string;
  readonly mosquitto: string;
  readonly influxdb: string;
}

async function runEquip({ config, data, ...folders }: EquipFlags, write: Write): Promise<void> {
  const { model } = loadSite(config);
  const found = await equip({ dataDir: data, model, folders, io: hostClock() });
  for (const [program, state] of Object.entries(found))
    write(`${program}: ${state === "new" ? "new files" : "all as it was"}`);
  if (Object.keys(found).length === 0)
    write(
      "No program beside it is to be equipped: install.sh --mosquitto or --influxdb makes their folders.",
    );
}

function showConf(
  { config, mosquitto: folder }: Pick<EquipFlags, "config" | "mosquitto">,
  write: Write,
): void {
  const { model } = loadSite(config);
  const { listen: address, port, tlsPort } = model.site.broker;
  const network = address === undefined ? undefined : { address, tlsPort, isPlain: isPlain(model) };
  write(mosquittoConf({ folder, port, ...(network && { network }) }).trimEnd());
}

export function addEquipCommands(program: Command, write: Write): void {
  const placed = (command: Command): Command =>
    command
      .option("--config <site.yaml>", "the site file", SITE)
      .option("--mosquitto <dir>", "mosquitto's folder", FOLDERS.mosquitto);
  placed(program.command("equip"))
    .description(
      "give mosquitto and InfluxDB beside it their certificates, logins and rights, as services do",
    )
    .option("--influxdb <dir>", "InfluxDB's folder", FOLDERS.influxdb)
    .option("--data <dir>", "data folder of the site", "data")
    .action((flags: EquipFlags) => runEquip(flags, write));
  placed(program.command("mosquitto-conf"))
    .description("the configuration of a mosquitto that is the site's broker, for its conf.d")
    .action((flags: EquipFlags) => showConf(flags, write));
}
