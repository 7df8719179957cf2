// How soon what is seen is on the card. Decisions, commands and alarms never wait; this is for the readings between them:
// a power cut costs at most so much of them, and a shorter wait wears the card more.
import { z } from "zod";
import { duration } from "./fields.ts";

const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;

export const JournalSpec = z
  .strictObject({
    commit: duration(
      "readings are on the card at the latest after this; decisions, commands and alarms at once. 1 s loses least in a power cut and writes most",
    ).prefault("10 s"),
  })
  .refine(({ commit }) => commit >= SHORTEST_MS && commit <= LONGEST_MS, {
    path: ["commit"],
    error: "must be 1 s to 1 min",
  });
