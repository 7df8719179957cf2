// How long a device's polls keep a serial line busy: an estimate for `check`, from the same plan that the client uses,
// and what an exchange takes on the wire, to compare what is achieved with it.
import type { Profile, SunspecProfile } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import type { Link } from "@gridwright/contract/site/site.ts";
import type { Discovered } from "../sunspec/discovery.ts";
import { MODEL_HEAD, SUNSPEC_MODELS } from "../sunspec/models.ts";
import { resolve } from "../sunspec/resolve.ts";
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

const SUNSPEC_REGISTERS_MAX = 125;
const SUNSPEC_BASE = 40_002;

/** The models that a SunSpec profile names, one after the other: what a device has shows only when it is asked. */
function supposed({ points }: SunspecProfile): Discovered {
  const named = Object.values(points).flatMap(({ sunspec }) =>
    sunspec.map((text) => Number.parseInt(text, 10)),
  );
  let address = SUNSPEC_BASE;
  const models = [...SUNSPEC_MODELS.values()].filter(({ id }) => named.includes(id));
  return {
    base: SUNSPEC_BASE,
    models: models.map(({ id, length, block }) => {
      const found = { id, address, length: length + (block?.length ?? 0) };
      address += MODEL_HEAD + found.length;
      return found;
    }),
  };
}

interface Read {
  readonly registers: readonly Register[];
  readonly registersMax: number;
}

function readsOf(profile: Profile): Read | undefined {
  if (profile.protocol === "modbus")
    return { registers: registersOf(profile), registersMax: profile.registersMax };
  if (profile.protocol !== "sunspec") return undefined;
  return { registers: resolve(profile, supposed(profile)).registers, registersMax: SUNSPEC_REGISTERS_MAX };
}

/** Share of the time (0..1, more is too much) for which polling this device keeps a line of `baud` busy. */
export function lineShare({ profile, spec }: DeviceModel, baud: number): number {
  const reads = readsOf(profile);
  if (reads === undefined) return 0;
  const { registersMax } = reads;
  const parity = profile.protocol === "modbus" ? (profile.link.parity ?? "none") : "none";
  const bits = parity === "none" ? 10 : 11;
  const byClass = Map.groupBy(reads.registers, ({ poll }: Register) => poll);
  return [...byClass].reduce((share, [poll, registers]) => {
    const busy = planReads(spansOf(registers, registersMax), registersMax).reduce((sum, { table, count }) => {
      const data = table === "coil" || table === "discrete" ? Math.ceil(count / 8) : count * 2;
      const characters = REQUEST_BYTES + RESPONSE_BYTES + data + SILENCE_CHARACTERS;
      return sum + (characters * bits * 1_000) / baud + TURNAROUND_MS;
    }, 0);
    return share + busy / periodOf(poll, spec.fast);
  }, 0);
}
