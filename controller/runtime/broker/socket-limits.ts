// Limits that are counted at a client's socket, before and after the broker: what it may read, what may wait unread.
import type { Socket } from "node:net";
import type { Client } from "aedes";
import type { BrokerLimits } from "./limits.ts";
import { createPacketGuard, type PacketGuard } from "./packet-guard.ts";
import type { Refusals } from "./refusals.ts";

const whoIs = (socket: Socket) => ({
  clientId: "client" in socket ? (socket.client as Client).id : undefined,
  address: socket.remoteAddress,
});

/** Judges what the broker is about to read; a refused packet ends the connection before it is buffered. */
export function guardReads(socket: Socket, limits: BrokerLimits, refusals: Refusals): PacketGuard {
  const guard = createPacketGuard(limits.packetBytesMax);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size);
    if (chunk === null || guard.look(chunk) === "fine") return chunk;
    refusals.note("oversized", "a packet was too large and its client disconnected", whoIs(socket));
    socket.destroy();
    return null;
  };
  return guard;
}

/**
 * Never tells the broker to wait for this client: one frozen subscriber would hold a place in the emitter for each
 * message and, with all places held, stop everybody. What it does not read waits in its own bounded backlog instead.
 */
export function boundBacklog(socket: Socket, limits: BrokerLimits, refusals: Refusals): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = ((...args: unknown[]) => {
    if (socket.destroyed) return true;
    write(...args);
    if (socket.writableLength > limits.backlogBytesMax) {
      refusals.note("slow", "a client did not read and was disconnected", whoIs(socket));
      socket.destroy();
    }
    return true;
  }) as Socket["write"];
}
