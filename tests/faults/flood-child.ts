// Floods a port of this machine until its own input ends; says when it is under way, and in the end how many connections it threw at it: some say nothing, some
// say bytes that mean nothing, some ask for a page and again.
import { connect, type Socket } from "node:net";
import { argv } from "node:process";
import { setImmediate as turn } from "node:timers/promises";

const AT_ONCE = 200;
const LIFE_MS = 500;
const UNDER_WAY = 600;
const port = Number(argv[2]);
const SAYINGS: readonly (Buffer | undefined)[] = [
  undefined,
  Buffer.alloc(3_000, 0xa5),
  Buffer.from("GET /api/v1/state HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20)),
  Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]),
];
const open = new Set<Socket>();
let sent = 0;
let isOver = false;
process.stdin.on("end", () => {
  isOver = true;
});
process.stdin.resume();

function throwOne(): void {
  const saying = SAYINGS[sent % SAYINGS.length];
  sent += 1;
  const socket = connect(port, "127.0.0.1");
  open.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => open.delete(socket));
  socket.resume();
  if (saying !== undefined) socket.write(saying);
  setTimeout(() => socket.destroy(), LIFE_MS);
}

while (!isOver) {
  if (open.size < AT_ONCE) {
    throwOne();
    if (sent === UNDER_WAY) process.stdout.write("under way\n");
  }
  await turn();
}
for (const socket of open) socket.destroy();
process.stdout.write(`${sent}\n`, () => process.exit(0));
