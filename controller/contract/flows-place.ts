// Where the process of the technicians' flows is, how its kept versions are named, and what can be wrong with one; it shares
// nothing else with the rest.

/** The supervisor makes both secrets at each start. */
export interface FlowsPlace {
  /** Of loopback. */
  readonly port: number;
  /** The process shows this to the API. */
  readonly token: string;
  /** The API shows this to the process, with the name of whom it speaks for. */
  readonly key: string;
}

/** What can be wrong with a version while it is watched after its deploy. */
export const FLOWS_TROUBLES = ["crash-loop", "silent", "refused", "protection"] as const;
export type FlowsTrouble = (typeof FLOWS_TROUBLES)[number];

/** Whose name stands at what gridwright itself deployed: the examples, and a version that it brought back. */
export const FLOWS_OWN_NAME = "gridwright";

/** File name of a kept version; later versions sort behind. */
export const FLOWS_VERSION_FILE = /^\d{6}\.json$/;

/** Why a technician deploys without a trial, as it travels with the deploy: percent-encoded text. */
export const UNTRIED_HEADER = "x-gridwright-untried";

/** The reason in words; empty: none was given. */
export function untriedReason(header: unknown): string {
  if (typeof header !== "string") return "";
  try {
    return decodeURIComponent(header).trim();
  } catch {
    return header.trim();
  }
}
