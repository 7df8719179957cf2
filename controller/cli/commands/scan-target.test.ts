import assert from "node:assert/strict";
import { test } from "node:test";
import { asInSite, hostsOf, scanTarget } from "./scan-target.ts";
import { table } from "./table.ts";

const serial = { baud: 19_200, parity: "even", stopBits: 1 } as const;

test("what there is to scan, and what is said of anything else", () => {
  const place = (target: string, network?: string) => scanTarget(target, network, serial);
  assert.deepEqual(place("tcp://10.0.0.7"), {
    kind: "place",
    place: { kind: "modbus-tcp", host: "10.0.0.7", port: 502 },
  });
  assert.deepEqual(place("tcp://[::1]:1502"), {
    kind: "place",
    place: { kind: "modbus-tcp", host: "::1", port: 1_502 },
  });
  assert.deepEqual(place("rtu+tcp://gate:4001"), {
    kind: "place",
    place: { kind: "modbus-rtu-tcp", host: "gate", port: 4_001, baud: 19_200 },
  });
  assert.deepEqual(place("serial:/dev/ttyUSB3"), {
    kind: "place",
    place: { kind: "modbus-rtu", device: "/dev/ttyUSB3", ...serial },
  });
  assert.deepEqual(place("net", "10.0.0.8/30"), { kind: "net", hosts: ["10.0.0.9", "10.0.0.10"] });
  const refused: readonly (readonly [string, string | undefined, RegExp])[] = [
    ["net", undefined, /Which network\?/],
    ["net", "10.0.0.0", /not a network/],
    ["net", "10.0.0.300/24", /not a network/],
    ["net", "10.0.0.0/16", /65536 addresses; at most 1024/],
    ["tcp://", undefined, /names no host/],
    ["rtu+tcp://gate", undefined, /needs the gateway's port/],
    ["tcp://10.0.0.7", "again", /one word too many/],
    ["10.0.0.7", undefined, /nothing to scan. Allowed: scan tcp:/],
  ];
  for (const [target, network, message] of refused)
    assert.throws(() => place(target, network), { code: "usage", message }, target);
});

test("a network's hosts are those between its own address and its broadcast", () => {
  assert.deepEqual(
    hostsOf("127.0.0.5/29"),
    [1, 2, 3, 4, 5, 6].map((last) => `127.0.0.${last}`),
  );
  assert.deepEqual(hostsOf("10.0.0.7/32"), ["10.0.0.7"]);
  assert.equal(hostsOf("10.0.252.0/22").length, 1_022);
  assert.equal(hostsOf("10.0.252.0/22").at(-1), "10.0.255.254");
});

test("a table's columns are as wide as their widest cell", () => {
  assert.deepEqual(
    table(
      ["UNIT", "W"],
      [
        ["house-7", "5"],
        ["hut", "1234"],
      ],
      ["W"],
    ),
    ["UNIT        W", "house-7     5", "hut      1234"],
  );
});

test("a line that the site file already has is proposed with the site's own settings", () => {
  const links = {
    gate: { kind: "modbus-rtu-tcp", host: "gate", port: 4_001, baud: 38_400 },
    wire: { kind: "modbus-rtu", device: "/dev/ttyUSB3", baud: 115_200, parity: "odd", stopBits: 2 },
  } as unknown as Parameters<typeof asInSite>[1];
  const at = (target: string) => asInSite(scanTarget(target, undefined, serial), links);
  const bauds = [
    "rtu+tcp://gate:4001",
    "rtu+tcp://gate:4002",
    "serial:/dev/ttyUSB3",
    "serial:/dev/ttyUSB4",
  ].map((target) => {
    const found = at(target);
    return found.kind === "place" && "baud" in found.place ? found.place.baud : undefined;
  });
  assert.deepEqual(bauds, [38_400, 19_200, 115_200, 19_200]);
});
