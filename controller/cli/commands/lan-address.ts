// Whether an address is one by which phones can reach this machine; refused with those that are. Pure: the machine's addresses are
// given.
import type { NetworkInterfaceInfo } from "node:os";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { isPrivateAddress } from "@gridwright/contract/site/broker-spec.ts";

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const LOOPBACK = /^(?:127\.|::1$)/;

/** Of this machine, each with its interface, as the people's network may have them. */
function reachable(interfaces: Interfaces): readonly (readonly [address: string, name: string])[] {
  return Object.entries(interfaces).flatMap(([name, infos = []]) =>
    infos.flatMap(({ address }) =>
      LOOPBACK.test(address) || !isPrivateAddress(address) ? [] : [[address, name] as const],
    ),
  );
}

/** Throws `usage`. */
export function refuseUnreachable(address: string, interfaces: Interfaces): void {
  const known = reachable(interfaces);
  if (known.some(([one]) => one.toLowerCase() === address.toLowerCase())) return;
  const why = LOOPBACK.test(address)
    ? `${address} is this machine as it sees itself: no phone reaches it there`
    : `${address} is no address of this machine`;
  const instead =
    known.length === 0
      ? "It has none in a private network yet: connect it first, then see: ip addr"
      : `It has: ${known.map(([one, name]) => `${one} (${name})`).join(", ")}`;
  throw new GridwrightError("usage", `${why}. ${instead}. Nothing was changed.`);
}
