// What holds of every community, whatever its key. The long suite draws more of them.
import { describe, it } from "node:test";
import { communityLaws } from "./communities.ts";

describe("of every community, whatever its key", () => {
  for (const [sentence, holds] of Object.entries(communityLaws)) it(sentence, () => holds(1_000));
});
