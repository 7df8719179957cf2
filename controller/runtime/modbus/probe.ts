// After a timeout on RTU framing a late answer must not pass for a new one: RTU frames carry no number. So the next
// request to that unit is a read whose answer has a length that no outstanding answer has; it is not believed, and
// since a device answers in order, everything older is gone when it is answered. Pure.
import type { Span } from "@gridwright/protocols/modbus/plan.ts";
import { responseBytes } from "./pdu-codec.ts";

/** Lengths of response PDUs that may still come. */
export type Outstanding = ReadonlySet<number>;

/** One register (or eight coils) less first: it is surely there. */
const STEPS = [-1, 1, -2, 2, -3, 3, -4, 4];

/** A read near `span` whose answer is told from all outstanding ones by its length; `span` itself if there is none. */
export function probeFor(span: Span, outstanding: Outstanding): Span {
  const { table, address, count } = span;
  const unit = table === "coil" || table === "discrete" ? 8 : 1;
  const variants = STEPS.map((step) => ({ table, address, count: count + step * unit }));
  return (
    variants.find(
      (variant) =>
        variant.count > 0 &&
        variant.count <= 125 &&
        variant.address + variant.count <= 0x1_0000 &&
        !outstanding.has(responseBytes(variant)),
    ) ?? span
  );
}
