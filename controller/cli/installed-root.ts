// Where this program is installed: /opt/gridwright when it runs from /opt/gridwright/releases/1.2.3; nowhere when it runs from its
// sources.
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { RELEASES } from "@gridwright/runtime/update/installed.ts";

const PROGRAM = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Public key by which updates are believed. */
export const UPDATE_KEY = "/etc/gridwright/update-key.pem";

export const installedRoot = (): string | undefined =>
  basename(dirname(PROGRAM)) === RELEASES ? dirname(dirname(PROGRAM)) : undefined;
