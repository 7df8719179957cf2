// The units as files: read back as systemd reads them, by key, so that tests speak of what is installed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const UNITS = fileURLToPath(new URL("../../deploy/units/", import.meta.url));

export const serviceNames: readonly string[] = readdirSync(UNITS).filter((name) => name.endsWith(".service"));

/** `Section.Key` → its values in order. */
export function unitKeys(name: string): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  let section = "";
  for (const line of readFileSync(join(UNITS, name), "utf8").split("\n")) {
    const [, head] = /^\[(\w+)\]$/.exec(line) ?? [];
    if (head !== undefined) section = head;
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined)
      keys.set(`${section}.${key}`, [...(keys.get(`${section}.${key}`) ?? []), value]);
  }
  return keys;
}

/** The one value of a key. Throws where there is none or several. */
export function unitKey(name: string, key: string): string {
  const [value, ...more] = unitKeys(name).get(key) ?? [];
  if (value === undefined || more.length > 0) throw new Error(`${name}: ${key} is not there once`);
  return value;
}
