// The plant as input registers, made anew for each request from the live view: what a block holds was true together.
// A value that is not fresh reads as NaN, so that one dead meter does not take its neighbours' block away; an address
// outside of the map is exception 2.
import type { GridMode } from "@gridwright/contract/messages.ts";
import {
  BLOCK_HEAD,
  LAYOUT_VERSION,
  type RegisterBlock,
  type RegisterMap,
  VALUE_REGISTERS,
} from "@gridwright/contract/outward.ts";
import { type Encoding, encode, encodeAbsent } from "@gridwright/protocols/modbus/codec.ts";
import { type RegisterImage, refusal } from "@gridwright/protocols/modbus/server.ts";
import { controlOf, shown, type View } from "../../live/view.ts";

const FLOAT: Encoding = { type: "float32", words: "big", scale: 1, unit: "1", sign: 1, sentinels: [] };
const CONTROL = { never: 0, live: 1, silent: 2, offline: 3 } as const;
const MODES: Readonly<Record<GridMode, number>> = {
  unknown: 0,
  "on-grid": 1,
  "island-inverter": 2,
  "island-generator": 3,
  "dead-bus": 4,
  returning: 5,
  retry: 6,
};
const WORD_MAX = 65_535;
const NOTHING_FRESH = 0;
const SOME_FRESH = 1;
const ALL_FRESH = 2;

function siteWords(view: View, { blocks, fingerprint }: RegisterMap): readonly number[] {
  const { state, silentMs } = controlOf(view);
  return [
    LAYOUT_VERSION,
    CONTROL[state],
    Math.min(WORD_MAX, Math.floor((silentMs ?? WORD_MAX * 1_000) / 1_000)),
    state === "live" ? MODES[view.head.mode] : MODES.unknown,
    blocks.length,
    fingerprint >>> 16,
    fingerprint & WORD_MAX,
  ];
}

/** Words of an asset's block, from its first register on. */
function blockWords(view: View, { asset, channels }: RegisterBlock): readonly number[] {
  const { state } = controlOf(view);
  const readings = channels.map(({ point }) => shown(view, `${asset}/${point}`, state));
  const values = readings.map(({ q, v }) => (q === "fresh" && v !== null ? Number(v) : undefined));
  const fresh = values.filter((value) => value !== undefined).length;
  const some = fresh === 0 ? NOTHING_FRESH : SOME_FRESH;
  return [
    fresh > 0 && fresh === channels.length ? ALL_FRESH : some,
    channels.length,
    ...values.flatMap((value) => (value === undefined ? encodeAbsent(FLOAT) : encode(FLOAT, value))),
  ];
}

interface Place {
  readonly address: number;
  readonly length: number;
  words(): readonly number[];
}

export function outwardImage(view: View, map: RegisterMap): RegisterImage {
  const site: Place = {
    address: 0,
    length: siteWords(view, map).length,
    words: () => siteWords(view, map),
  };
  const places: readonly Place[] = [
    site,
    ...map.blocks.map((block) => ({
      address: block.address,
      length: BLOCK_HEAD + VALUE_REGISTERS * block.channels.length,
      words: () => blockWords(view, block),
    })),
  ];
  return {
    read(table, address, count) {
      const place = places.findLast((one) => one.address <= address);
      if (table !== "input" || place === undefined) return refusal(2);
      const at = address - place.address;
      return at + count > place.length ? refusal(2) : place.words().slice(at, at + count);
    },
    write: () => refusal(1),
  };
}
