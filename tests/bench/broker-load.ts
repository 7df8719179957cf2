// Load for a broker, in a process of its own: publishers that write prepared QoS 0 packets as fast as the socket
// takes them, one subscriber that counts bytes. Raw sockets, so that the client costs as little as it can.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

const PAYLOAD_BYTES = 64;
const PACKETS_PER_WRITE = 20;
const TOPIC = "load/1";

const text = (value: string): number[] => [value.length >> 8, value.length & 0xff, ...Buffer.from(value)];
const packet = (type: number, body: readonly number[]): Buffer => Buffer.from([type, body.length, ...body]);

async function join(port: number, user: string, id: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  socket.on("error", () => socket.destroy());
  socket.write(packet(0x10, [...text("MQTT"), 4, 0xc2, 0, 60, ...text(id), ...text(user), ...text(user)]));
  const [connack] = (await once(socket, "data")) as [Buffer];
  if (connack[3] !== 0) throw new Error(`${user} was refused: ${connack[3]}`);
  return socket;
}

function flood(socket: Socket, until: () => boolean): void {
  const one = packet(0x30, [...text(TOPIC), ...new Array<number>(PAYLOAD_BYTES).fill(0x78)]);
  const many = Buffer.concat(new Array<Buffer>(PACKETS_PER_WRITE).fill(one));
  const more = (): void => {
    while (!until()) if (!socket.write(many)) return void socket.once("drain", more);
  };
  more();
}

/** Messages that the subscriber got in a second, over `seconds`, after half a second of warming up. */
async function measure(port: number, publishers: number, seconds: number): Promise<number> {
  const subscriber = await join(port, "sub", "sub-1");
  let bytes = 0;
  subscriber.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  subscriber.write(packet(0x82, [0, 7, ...text(TOPIC), 0]));
  await wait(100);
  let over = false;
  const sockets = await Promise.all(
    Array.from({ length: publishers }, (_, index) => join(port, "pub", `pub-${index}`)),
  );
  for (const socket of sockets) flood(socket, () => over);
  await wait(500);
  const [startBytes, start] = [bytes, performance.now()];
  await wait(seconds * 1_000);
  const rate =
    (bytes - startBytes) / (PAYLOAD_BYTES + text(TOPIC).length + 2) / ((performance.now() - start) / 1_000);
  over = true;
  for (const socket of [...sockets, subscriber]) socket.destroy();
  return subscriber.errored === null ? rate : Number.NaN;
}

process.once(
  "message",
  ({ port, publishers, seconds }: { port: number; publishers: number; seconds: number }) => {
    void measure(port, publishers, seconds).then((rate) => {
      process.send?.({ rate }, () => process.disconnect());
    });
  },
);
