// Many boxes' ends of their lines in a process of its own: each takes what it is told, and says ten times a second how it stands and
// what it measures. It speaks the boxes' protocol, or the same figures as lines of JSON.
import { createServer, type Server, type Socket } from "node:net";
import { decodeMessage, encodeMessage } from "@gridwright/firmware-bridge/src/protocol/codec.ts";
import { FIRST_ADDRESS } from "@gridwright/firmware-bridge/src/protocol/codes.ts";
import { createCutter } from "@gridwright/firmware-bridge/src/protocol/frame.ts";
import { MESSAGES, type Message, schemaHash } from "@gridwright/firmware-bridge/src/protocol/messages.ts";

const PERIOD_MS = 100;
const [, , count = "32", words = "frames"] = process.argv;
const inFrames = words === "frames";
const began = performance.now();
const uptime = (): number => Math.floor(performance.now() - began);

function state(): Extract<Message, { kind: "state" }> {
  return {
    ...{ kind: "state", uptime_ms: uptime(), outputs: 4, leases: 4, flags: 0, machine: "off", log_next: 0 },
    ...{ cause_0: "rest", cause_1: "rest", cause_2: "lease", cause_3: "rest" },
  } as const;
}

function measured(box: number): Extract<Message, { kind: "measure" }> {
  const swing = Math.sin(uptime() / 1_000 + box);
  return {
    kind: "measure",
    voltage_cv: Math.round(23_000 + 200 * swing),
    current_ma: Math.round(6_000 + 900 * swing),
    frequency_mhz: 50_000,
    apparent_va: Math.round(1_380 + 200 * swing),
    power_w: Math.round(1_310 + 190 * swing),
    energy_wh: Math.floor(uptime() / 100),
    thermistor: 512,
  };
}

function answerTo(message: Message, sequence: number): Message | undefined {
  if (message.kind === "open")
    return {
      ...{ kind: "hello", nonce: message.nonce, session: 65_537, schema: schemaHash(), firmware: 20 },
      ...{ reset: "power_on", channels: 4, uptime_ms: uptime(), log_next: 0 },
    } as const;
  if (message.kind === "heartbeat") return state();
  const { type: of_type } = MESSAGES[message.kind];
  return { kind: "ack", of_type, of_sequence: sequence, result: "done" };
}

function serve(box: number): Server {
  return createServer({ noDelay: true }, (socket: Socket) => {
    const cut = createCutter();
    let sequence = 0;
    const say = (message: Message): void => {
      sequence = (sequence + 1) & 0xffff;
      socket.write(
        inFrames ? encodeMessage(sequence, message, FIRST_ADDRESS) : `${JSON.stringify(message)}\n`,
      );
    };
    socket.on("data", (chunk: Uint8Array) => {
      for (const piece of cut(chunk)) {
        const heard = decodeMessage(piece);
        const answer = typeof heard === "string" ? undefined : answerTo(heard.message, heard.sequence);
        if (answer !== undefined) say(answer);
      }
    });
    const timer = setInterval(() => {
      say(state());
      say(measured(box));
    }, PERIOD_MS);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => clearInterval(timer));
  });
}

const servers = Array.from({ length: Number(count) }, (_, box) => serve(box));
await Promise.all(
  servers.map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))),
);
process.once("disconnect", () => process.exit(0));
process.send?.(
  servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }),
);
