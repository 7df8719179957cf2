// What holds of every community whatever its key, over a hundred thousand drawn ones for each law.
import { describe, it } from "node:test";
import { communityLaws } from "../ledger/communities.ts";

const COMMUNITIES = 100_000;

describe(`of ${COMMUNITIES} communities`, () => {
  for (const [sentence, holds] of Object.entries(communityLaws)) it(sentence, () => holds(COMMUNITIES));
});
