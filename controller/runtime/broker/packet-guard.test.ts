// The guard judges a packet by the length that its header announces, however the bytes are cut.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createPacketGuard } from "./packet-guard.ts";

const packet = (bytes: number): Uint8Array => {
  const length: number[] = [];
  let left = bytes;
  do {
    length.push((left % 128) + (left >= 128 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Uint8Array.from([0x30, ...length, ...new Uint8Array(bytes).fill(0xff)]);
};

test("a packet is judged when its length is known", () => {
  const large = packet(70_000);
  //  case                                       bytes                                 then
  const table: [string, Uint8Array, "fine" | "refused"][] = [
    ["as large as allowed", packet(65_536), "fine"],
    ["a byte larger", packet(65_537), "refused"],
    ["a header alone is enough", large.slice(0, 4), "refused"],
    ["an empty packet", Uint8Array.from([0xc0, 0x00]), "fine"],
    ["a length that never ends", Uint8Array.from([0x30, 0x80, 0x80, 0x80, 0x80]), "refused"],
    ["a good one, then a large one", Uint8Array.from([...packet(300), ...large.slice(0, 4)]), "refused"],
  ];
  for (const [what, bytes, then] of table) assert.equal(createPacketGuard(65_536).look(bytes), then, what);
});

test("however the bytes are cut, the verdict is the same", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 6 });
  const property = fc.property(
    sizes,
    fc.integer({ min: 130, max: 380 }),
    fc.integer({ min: 1, max: 97 }),
    (all, most, cut) => {
      const stream = Uint8Array.from(all.flatMap((bytes) => [...packet(bytes)]));
      const guard = createPacketGuard(most);
      let verdict = "fine";
      for (let at = 0; at < stream.length && verdict === "fine"; at += cut)
        verdict = guard.look(stream.slice(at, at + cut));
      assert.equal(verdict, all.some((bytes) => bytes > most) ? "refused" : "fine");
    },
  );
  fc.assert(property, { seed: 7, numRuns: 300 });
});

test("a client may be allowed more once it has said who it is", () => {
  const guard = createPacketGuard(200);
  guard.allow(5_000);
  assert.equal(guard.look(packet(4_000)), "fine");
  assert.equal(guard.look(packet(5_001)), "refused");
});
