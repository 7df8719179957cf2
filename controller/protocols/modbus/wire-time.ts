// How long a device's polls keep a serial line busy: an estimate for `check`, from the same plan that the client uses,
// and what an exchange takes on the wire, to compare what is achieved with it.
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import type { Link } from "@gridwright/contract/site/site.ts";
import { periodOf } from "./groups.ts";
import { planReads } from "./plan.ts";
import { type Register, registersOf, spansOf } from "./registers.ts";

/** A line as far as its speed goes. */
export interface LineSpeed {
  readonly baud: number;
  /** Bits that one character takes: start, data, parity, stop. */
  readonly characterBits: number;
}

/** Unit and checksum around each PDU of an exchange. */
const FRAME_BYTES = 6;

/** Time in ms that an exchange of PDUs of so many bytes together takes on the wire, with its silences. */
export const exchangeMs = ({ baud, characterBits }: LineSpeed, pduBytes: number): number =>
  ((pduBytes + FRAME_BYTES + SILENCE_CHARACTERS) * characterBits * 1_000) / baud;

/** The line behind a link; undefined for Modbus TCP, which has no wire time worth naming. */
export function speedOf(link: Link): LineSpeed | undefined {
  if (link.kind === "modbus-rtu-tcp") return { baud: link.baud, characterBits: 10 };
  if (link.kind !== "modbus-rtu") return undefined;
  return { baud: link.baud, characterBits: 9 + (link.parity === "none" ? 0 : 1) + link.stopBits };
}

/** Bytes of an RTU read request, and of a response without its data. */
const REQUEST_BYTES = 8;
const RESPONSE_BYTES = 5;
/** Silence between frames, twice 3.5 characters (Modbus over serial line 1.02, section 2.5.1.1). */
const SILENCE_CHARACTERS = 7;
/** What a meter takes to begin its answer; data sheets say 5 to 60 ms. */
const TURNAROUND_MS = 10;

/** Share of the time (0..1, more is too much) for which polling this device keeps a line of `baud` busy. */
export function lineShare({ profile, spec }: DeviceModel, baud: number): number {
  if (profile.protocol !== "modbus") return 0;
  const bits = (profile.link.parity ?? "none") === "none" ? 10 : 11;
  const byClass = Map.groupBy(registersOf(profile), ({ poll }: Register) => poll);
  return [...byClass].reduce((share, [poll, registers]) => {
    const busy = planReads(spansOf(registers, profile.registersMax), profile.registersMax).reduce(
      (sum, { table, count }) => {
        const data = table === "coil" || table === "discrete" ? Math.ceil(count / 8) : count * 2;
        const characters = REQUEST_BYTES + RESPONSE_BYTES + data + SILENCE_CHARACTERS;
        return sum + (characters * bits * 1_000) / baud + TURNAROUND_MS;
      },
      0,
    );
    return share + busy / periodOf(poll, spec.fast);
  }, 0);
}
