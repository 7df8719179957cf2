// The claims of RELIABILITY.md. A new one needs a test that tells its figure; claims.test.ts says what is missing.
import type { Claim } from "./claim.ts";
import { PROMISED } from "./promised.ts";
import { RECOVERIES } from "./recoveries.ts";
import { TRIED } from "./tried.ts";

export const CLAIMS: readonly Claim[] = [...TRIED, ...RECOVERIES, ...PROMISED];
