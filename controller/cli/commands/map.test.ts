// What `gridwright map` prints for the demo village.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { RegisterMap } from "@gridwright/contract/outward.ts";
import { Command } from "commander";
import { addMapCommand } from "./map.ts";

const VILLAGE = fileURLToPath(new URL("../../twin/sites/village.yaml", import.meta.url));

async function printed(...flags: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const program = new Command().exitOverride();
  addMapCommand(program, (line) => lines.push(line));
  await program.parseAsync(["map", VILLAGE, ...flags], { from: "user" });
  return lines.join("\n");
}

test("the village's map says where each asset and each value stands", async () => {
  const text = await printed();
  assert.match(text, /^# Modbus map of Sunny Hollow\n/);
  assert.match(text, /^\| 100 \| uint16 \| {2}\| \*\*Valley line\*\* \(`grid`\): quality/m);
  assert.match(text, /^\| 102 \| float32 \| W \| `power`: /m);
});

test("the same for programs", async () => {
  const map = JSON.parse(await printed("--json")) as RegisterMap;
  assert.equal(map.blocks[0]?.asset, "grid");
  assert.equal(map.blocks[0]?.channels[0]?.address, 102);
  assert.deepEqual(map.left, []);
});
