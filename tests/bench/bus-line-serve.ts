// A gateway to an emulated serial line, as a process of its own: bytes take their time at the given speed, slaves their
// turnaround, frames their silences. Tells, when asked, how long the line was in use for answered requests.
// Arguments: baud, highest unit, units that are dead.
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import {
  createRtuReader,
  encodeRtu,
  type RtuFrame,
  requestLength,
} from "@gridwright/protocols/modbus/frame.ts";
import { answer, type RegisterImage } from "@gridwright/protocols/modbus/server.ts";

const [baud = 9_600, units = 10, ...dead] = process.argv.slice(2).map(Number);
const CHARACTER_MS = 10_000 / baud;
const SILENCE_MS = 3.5 * CHARACTER_MS;
/** What a meter takes to begin its answer; data sheets say 5 to 60 ms. */
const TURNAROUND_MS = 10;
const REQUEST_BYTES = 8;
/** Timers are that late; the rest is waited in turns of the event loop. */
const TIMER_SLACK_MS = 2;

const image: RegisterImage = {
  read: (_, address, count) => Array.from({ length: count }, (_unused, index) => (address + index) & 0x3fff),
  write: () => undefined,
};

let free = performance.now();
let used = 0;
const answered = new Map<number, number>();

function at(time: number, then: () => void): void {
  const rest = time - performance.now();
  if (rest <= 0) then();
  else if (rest > TIMER_SLACK_MS) setTimeout(() => at(time, then), rest - TIMER_SLACK_MS);
  else setImmediate(() => at(time, then));
}

function take(socket: Socket, { unit, pdu }: RtuFrame): void {
  const begin = Math.max(performance.now(), free);
  const heard = begin + REQUEST_BYTES * CHARACTER_MS + SILENCE_MS;
  free = heard;
  if (unit > units || dead.includes(unit)) return;
  const bytes = encodeRtu({ unit, pdu: answer(pdu, image) });
  const said = heard + TURNAROUND_MS + bytes.length * CHARACTER_MS;
  free = said + SILENCE_MS;
  at(said, () => {
    if (socket.destroyed) return;
    socket.write(bytes);
    used += said + SILENCE_MS - begin;
    answered.set(unit, (answered.get(unit) ?? 0) + 1);
  });
}

const server = createServer({ noDelay: true }, (socket) => {
  const reader = createRtuReader(requestLength);
  socket.on("data", (chunk) => {
    for (const frame of reader.read(chunk)) take(socket, frame);
  });
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
process.send?.({ port: typeof address === "object" && address !== null ? address.port : 0 });
process.on("message", () => {
  process.send?.({ used, answered: [...answered] });
});
process.once("disconnect", () => process.exit());
