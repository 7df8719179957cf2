// The read planner: which registers of a device are read together. Blocks are merged over small holes, kept below the
// device's maximum and never cut a value; a block that the device rejects is split. Pure.
import type { Table } from "./server.ts";

/** Registers that one value needs, all in one answer. */
export interface Span {
  readonly table: Table;
  readonly address: number;
  readonly count: number;
}

export interface Block extends Span {
  readonly spans: readonly Span[];
}

/**
 * Most unused registers that are read to save a request. On a line of 9600 baud 16 registers cost 33 ms and a request
 * of its own about 30 ms; larger holes also meet more devices that reject them.
 */
export const HOLE_MAX = 16;
/** Coils and discrete inputs in one read: 32 bytes, far below the standard's 2000. */
const BITS_MAX = 256;

const blockMax = (table: Table, registersMax: number): number =>
  table === "coil" || table === "discrete" ? BITS_MAX : registersMax;

const end = ({ address, count }: Span): number => address + count;

const blockOf = (spans: readonly Span[], { table, address }: Span): Block => ({
  table,
  address,
  count: Math.max(...spans.map(end)) - address,
  spans,
});

/** Reads that cover all spans: at most `registersMax` registers each, in the order of tables and addresses. */
export function planReads(spans: readonly Span[], registersMax: number): readonly Block[] {
  const once = new Map(spans.map((span) => [`${span.table} ${span.address} ${span.count}`, span]));
  const sorted = [...once.values()].sort((a, b) => a.table.localeCompare(b.table) || a.address - b.address);
  const blocks: Block[] = [];
  for (const span of sorted) {
    const last = blocks.at(-1);
    const fits =
      last !== undefined &&
      last.table === span.table &&
      span.address - end(last) <= HOLE_MAX &&
      Math.max(end(last), end(span)) - last.address <= blockMax(span.table, registersMax);
    if (last !== undefined && fits) blocks[blocks.length - 1] = blockOf([...last.spans, span], last);
    else blocks.push(blockOf([span], span));
  }
  return blocks;
}

/** Two halves of a block that the device rejected; none for a block of one value: the device does not have it. */
export function splitBlock(block: Block): readonly Block[] {
  if (block.spans.length < 2) return [];
  const middle = Math.ceil(block.spans.length / 2);
  return [block.spans.slice(0, middle), block.spans.slice(middle)].flatMap((half) => {
    const [first] = half;
    return first === undefined ? [] : [blockOf(half, first)];
  });
}
