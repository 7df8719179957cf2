// The doctor's whole opinion of what was learnt. Pure.
import { CHECKS, type Check, type Finding } from "@gridwright/contract/doctor-words.ts";
import type { Facts } from "./facts.ts";
import {
  clockFindings,
  heatFindings,
  memoryFindings,
  powerFindings,
  roomFindings,
  wearFindings,
} from "./machine-findings.ts";
import {
  backupFindings,
  busFindings,
  certificateFindings,
  commissioningFindings,
  latenessFindings,
  portFindings,
  secretFindings,
  siteFindings,
  updateFindings,
} from "./site-findings.ts";
import { unitFindings } from "./unit-findings.ts";

const EXAMINE: Readonly<Record<Check, (facts: Facts) => readonly Finding[]>> = {
  site: ({ site }) => siteFindings(site),
  clock: ({ clock }) => clockFindings(clock),
  power: ({ board }) => powerFindings(board),
  heat: ({ board }) => heatFindings(board),
  memory: ({ board }) => memoryFindings(board),
  room: ({ card }) => roomFindings(card),
  wear: ({ card }) => wearFindings(card),
  units: ({ units }) => unitFindings(units),
  lateness: ({ running }) => latenessFindings(running),
  buses: ({ running }) => busFindings(running),
  certificate: ({ trust, clock }) => certificateFindings(trust, clock.wall),
  backup: ({ care, clock }) => backupFindings(care, clock.wall),
  update: ({ care }) => updateFindings(care),
  ports: ({ trust }) => portFindings(trust),
  secrets: ({ trust }) => secretFindings(trust),
  commissioning: ({ care }) => commissioningFindings(care),
};

/** One finding at least for each check. */
export const diagnose = (facts: Facts): readonly Finding[] =>
  CHECKS.flatMap((check) => EXAMINE[check](facts));
