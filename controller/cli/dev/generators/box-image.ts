// What the committed image of the boxes says in its HELLO, so that an update can tell whether it is the one that runs: its number
// from the firmware's own header, and the hash of the table that it speaks.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { schemaHash } from "@gridwright/firmware-bridge/src/protocol/messages.ts";
import { ROOT } from "../root.ts";

export function boxImageSays(): string {
  const header = readFileSync(join(ROOT, "firmware-bridge/firmware/core/box.h"), "utf8");
  const [, firmware] = /^#define GW_FIRMWARE (\d+)$/m.exec(header) ?? [];
  if (firmware === undefined) throw new Error("core/box.h names no GW_FIRMWARE");
  return `{ "firmware": ${firmware}, "schema": ${schemaHash()} }\n`;
}
