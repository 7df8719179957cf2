// `gridwright map`: the Modbus registers of a site, for whoever sets up the other controller. Starts nothing.
import { registerMap } from "@gridwright/contract/outward.ts";
import type { Command } from "commander";
import { mapPage } from "../dev/generators/outward-pages.ts";
import { loadSite } from "../load-site.ts";

/** Adds the command; `write` prints a line. */
export function addMapCommand(program: Command, write: (line: string) => void): void {
  program
    .command("map")
    .description("print the registers of the Modbus server that outward.modbus of a site file opens")
    .argument("<site.yaml>")
    .option("--json", "the map as JSON")
    .action((file: string, { json = false }: { readonly json?: boolean }) => {
      const { model } = loadSite(file);
      write(json ? JSON.stringify(registerMap(model), null, 2) : mapPage(model).trimEnd());
    });
}
