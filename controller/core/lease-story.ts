// The leases as the journal tells them: what a restarted controller knows of the commands that are out. Where it is
// not sure it forgets, and the next tick asks the device.
import type { LeaseRecord } from "@gridwright/contract/records.ts";
import type { Lease, Leases } from "./leases.ts";

const without = (leases: Leases, asset: string): Leases =>
  Object.fromEntries(Object.entries(leases).filter(([id]) => id !== asset));

function leaseOf({ asset, desired, deadline, m }: LeaseRecord): Lease | undefined {
  if (desired === undefined || deadline === undefined) return undefined;
  return { asset, set: desired.set, desired, deadline, sentAt: m, state: "sent", attempts: 1 };
}

/** The leases after one more record of the journal. */
export function leasesAfter(leases: Leases, record: LeaseRecord): Leases {
  const { asset, event } = record;
  const known = leases[asset];
  switch (event) {
    case "granted":
    case "renewed": {
      const lease = leaseOf(record);
      return lease === undefined ? leases : { ...leases, [asset]: lease };
    }
    case "verified":
      return known === undefined ? leases : { ...leases, [asset]: { ...known, state: "verified" } };
    case "failed":
      return known === undefined ? leases : { ...leases, [asset]: { ...known, state: "failed" } };
    case "released":
    case "expired":
      return without(leases, asset);
    case "override":
      return leases;
    default:
      return event satisfies never;
  }
}
