// MQTT packets bent in every way that bytes can be, through what stands between a socket and the broker: the guard of lengths and the
// parser that the broker uses. In process, so that a million take a minute. Only tests may import this.
import assert from "node:assert/strict";
import mqttPacket, { type Packet } from "mqtt-packet";
import { createPacketGuard } from "./packet-guard.ts";

/** Gives 0 ≤ n < limit. */
type Pick = (limit: number) => number;
const PACKET_BYTES_MAX = 65_536;

const TOPICS = [
  "tele/plug/STATE",
  "gridwright/valley/request/operator",
  "$SYS/#",
  "a/".repeat(70),
  "+/#",
  "ñ",
];
const PACKETS: readonly ((pick: Pick) => Packet)[] = [
  (pick) => ({
    ...{ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, keepalive: 60 },
    ...{ clientId: `plug-${pick(99)}`, username: "plug", password: Buffer.from("p".repeat(pick(40))) },
    ...(pick(2) === 0 && {
      will: { topic: "tele/plug/LWT", payload: Buffer.from("Offline"), qos: 1 as const, retain: true },
    }),
  }),
  (pick) => ({
    ...{ cmd: "publish", topic: TOPICS[pick(5)] ?? "a", payload: Buffer.alloc(pick(200), pick(256)) },
    ...{ qos: pick(3) as 0 | 1 | 2, retain: pick(2) === 0, dup: false, messageId: 1 + pick(60_000) },
  }),
  (pick) => ({
    ...{ cmd: "subscribe", messageId: 1 + pick(60_000) },
    subscriptions: Array.from({ length: 1 + pick(4) }, () => ({
      topic: TOPICS[pick(TOPICS.length)] ?? "a",
      qos: pick(3) as 0 | 1 | 2,
    })),
  }),
  (pick) => ({ cmd: "unsubscribe", messageId: 1 + pick(60_000), unsubscriptions: ["tele/#"] }),
  (pick) => ({ cmd: "puback", messageId: 1 + pick(60_000) }),
  (pick) => ({ cmd: "pubrel", messageId: 1 + pick(60_000) }),
  () => ({ cmd: "pingreq" }),
  () => ({ cmd: "disconnect" }),
];

const MUTATIONS: readonly ((bytes: Buffer, pick: Pick) => Buffer)[] = [
  (bytes, pick) => {
    const at = pick(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << pick(8)), at);
    return bytes;
  },
  (bytes, pick) => {
    bytes.writeUInt8(pick(256), pick(Math.min(bytes.length, 12)));
    return bytes;
  },
  (bytes, pick) => bytes.subarray(0, pick(bytes.length)),
  (bytes, pick) => {
    const at = pick(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.of(pick(256)), bytes.subarray(at)]);
  },
  (bytes, pick) => Buffer.concat([bytes, Buffer.from(Array.from({ length: 1 + pick(9) }, () => pick(256)))]),
  (bytes, pick) => Buffer.concat([bytes.subarray(pick(bytes.length)), bytes]),
];

export interface Outcome {
  /** Something was understood, and nothing of it refused. */
  readonly taken: number;
  readonly refused: number;
  /** More bytes are waited for. */
  readonly waited: number;
}

function bent(pick: Pick): Buffer {
  let bytes = mqttPacket.generate((PACKETS[pick(PACKETS.length)] ?? assert.fail())(pick));
  for (let times = 1 + pick(2); times > 0 && bytes.length > 0; times -= 1)
    bytes = MUTATIONS[pick(MUTATIONS.length)]?.(Buffer.from(bytes), pick) ?? bytes;
  return bytes;
}

function read(parts: readonly Buffer[]): keyof Outcome {
  const guard = createPacketGuard(PACKET_BYTES_MAX);
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  let [packets, errors] = [0, 0];
  parser.on("packet", ({ length = 0 }) => {
    assert.ok(length <= PACKET_BYTES_MAX);
    packets += 1;
  });
  parser.on("error", () => {
    errors += 1;
  });
  for (const part of parts.filter(({ length }) => length > 0)) {
    if (errors > 0 || guard.look(part) !== "fine") return "refused";
    parser.parse(part);
  }
  if (errors > 0) return "refused";
  return packets > 0 ? "taken" : "waited";
}

/** Fails the caller where guard or parser throws, or where more is understood than the guard lets pass. */
export function mutatePackets(count: number, pick: Pick): Outcome {
  const outcome = { taken: 0, refused: 0, waited: 0 };
  assert.doesNotThrow(() => {
    for (let turn = 0; turn < count; turn += 1) {
      const bytes = bent(pick);
      const cut = pick(bytes.length + 1);
      outcome[read([bytes.subarray(0, cut), bytes.subarray(cut)])] += 1;
    }
  });
  return outcome;
}
