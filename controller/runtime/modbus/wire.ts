// What a Modbus line needs of its connection, and how one is opened: a TCP socket or a serial port. A new object for
// each connection: what an old one still held back (a command!) must never reach the device that comes next.
import { connect } from "node:net";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import type { Link as LinkSpec } from "@gridwright/contract/site/site.ts";
import { type Millis, millis } from "@gridwright/contract/units.ts";
import { openSerial } from "./serial-wire.ts";

/** A socket is one as it is. */
export interface Wire {
  readonly destroyed: boolean;
  /** Silence that must go before each frame; gateways keep it themselves. */
  readonly silenceMs?: Millis;
  write(bytes: Uint8Array): unknown;
  destroy(): unknown;
  /** Serial ports: raises or drops DTR and RTS; rejects where there are no such wires. */
  ready?(isReady: boolean): Promise<void>;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  once(event: "close", listener: () => void): unknown;
}

export type ModbusLink = Exclude<LinkSpec, { kind: "mqtt" | "box" }>;

/** How people find the link: `10.0.0.7:502` or the path of its port. */
export const placeOf = (link: ModbusLink): string =>
  link.kind === "modbus-rtu" ? link.device : `${link.host}:${link.port}`;

const OPEN_MAX = millis(5_000);

type Place = Exclude<ModbusLink, { kind: "modbus-rtu" }>;

function openSocket({ host, port }: Place, signal: AbortSignal): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const stop = (): void => void socket.destroy(new Error("given up"));
    signal.addEventListener("abort", stop, { once: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      signal.removeEventListener("abort", stop);
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/** Opens a link once. Rejects with `link-down`, also when `signal` ends it or it takes too long. */
export async function openWire(link: ModbusLink, io: Clock, signal: AbortSignal): Promise<Wire> {
  const fail = (why: unknown): GridwrightError => {
    const text = messageOf(why);
    return new GridwrightError("link-down", `cannot connect to ${placeOf(link)}: ${text}`, { cause: why });
  };
  if (signal.aborted) throw fail("closed by us");
  const settled = new AbortController();
  const giveUp = new AbortController();
  const late = io.sleep(OPEN_MAX, settled.signal).then(
    () => fail(`no answer within ${OPEN_MAX} ms`),
    // Rejects only when the attempt was settled before.
    () => undefined,
  );
  const stopped = new Promise<GridwrightError>((resolve) => {
    const stop = (): void => resolve(fail("closed by us"));
    signal.addEventListener("abort", stop, { once: true, signal: settled.signal });
  });
  const opening =
    link.kind === "modbus-rtu" ? openSerial(link, giveUp.signal) : openSocket(link, giveUp.signal);
  const first = await Promise.race([opening.catch(fail), late, stopped]);
  settled.abort();
  if (first !== undefined && !(first instanceof GridwrightError)) return first;
  giveUp.abort();
  // A process that exits while a serial port is being opened never ends.
  await opening.catch(() => undefined);
  throw first ?? fail("closed by us");
}
