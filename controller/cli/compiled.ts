// Where Node keeps what it stripped of types and compiled of our sources, for all processes that this tree starts.
import { fileURLToPath } from "node:url";

export const COMPILED = fileURLToPath(new URL("../../.cache/compiled", import.meta.url));
