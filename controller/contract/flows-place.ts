// Where the process of the technicians' flows is, and how its kept versions are named; it shares nothing else with the rest.

/** The supervisor makes both secrets at each start. */
export interface FlowsPlace {
  /** Of loopback. */
  readonly port: number;
  /** The process shows this to the API. */
  readonly token: string;
  /** The API shows this to the process, with the name of whom it speaks for. */
  readonly key: string;
}

/** File name of a kept version; later versions sort behind. */
export const FLOWS_VERSION_FILE = /^\d{6}\.json$/;
