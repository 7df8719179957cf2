// Runs one suite with node:test, two files at a time, each in its own process: a line per file as it ends, and every
// failure in full. Must not decide what a suite is.

import { relative } from "node:path";
import { run } from "node:test";
import type { EventData } from "node:test";
import { inspect } from "node:util";
import type { Result } from "./result.ts";
import { ROOT } from "./root.ts";
import type { Suite } from "./suites.ts";

const FILES_AT_ONCE = 2;
const FILE_TIME_MS_MAX = 15 * 60_000;
const FILE_TIME_MS_MAX_LONG = 3 * 3_600_000;
const OUTPUT_CHARS_MAX = 200_000;
