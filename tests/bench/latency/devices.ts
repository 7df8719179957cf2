// The three devices of the latency measurement as register images: the inverter never changes, the meter's first phase
// is stepped by the measurement, the relay board tells what was asked of it and when.
import { type RegisterImage, refusal } from "@gridwright/protocols/modbus/server.ts";
import { type PlainServer, startPlainServer } from "../plain-server.ts";
import { PHASE_VA } from "./site.ts";

const VOLTS = 231;
/** The calm load as a share of a phase. */
export const CALM = 0.2;
const CURRENT_L1 = 0x06;
const FLASH_ON = 0x0200;
const CHANNELS = 16;

/** What the measurement sees; times in ns. */
export interface Seen {
  /** A read of the meter's first phase was answered. */
  read(at: bigint): void;
  /** The relay of a channel was told to cut its load. */
  cut(channel: number, at: bigint): void;
}

export interface BenchDevices {
  readonly ports: { readonly inverter: number; readonly meter: number; readonly relays: number };
  /** Load of the first phase as a share of the inverter's phase. */
  setLoad(share: number): void;
  /** Channels that are energised now. */
  energised(): readonly number[];
  close(): Promise<void>;
}

function floatWords(value: number): readonly [number, number] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return [view.getUint16(0), view.getUint16(2)];
}

const from = (words: ReadonlyMap<number, number>): RegisterImage => ({
  read: (_, address, count) => Array.from({ length: count }, (_, index) => words.get(address + index) ?? 0),
  write: () => refusal(1),
});

function meterWords(share: number): Map<number, number> {
  const words = new Map<number, number>();
  const put = (address: number, value: number): void => {
    const [high, low] = floatWords(value);
    words.set(address, high).set(address + 1, low);
  };
  const va = [share, CALM, CALM].map((part) => part * PHASE_VA);
  for (const [phase, watts] of va.entries()) {
    put(2 * phase, VOLTS);
    put(CURRENT_L1 + 2 * phase, watts / VOLTS);
    put(0x0c + 2 * phase, watts);
  }
  put(
    0x34,
    va.reduce((sum, part) => sum + part, 0),
  );
  put(0x46, 50.02);
  put(0x48, 1_234.5);
  return words;
}

function inverterWords(): Map<number, number> {
  const va = CALM * PHASE_VA;
  const phases = [0, 1, 2].flatMap((phase): [number, number][] => [
    [15 + phase, VOLTS * 10],
    [18 + phase, Math.round((va / VOLTS) * 10)],
    [23 + phase, va / 10],
  ]);
  return new Map([...phases, [21, 5_002], [31, 9], [57, 1], [58, 1]]);
}

function relayBoard(coils: Set<number>, seen: Seen): { image: RegisterImage; hear: (at: bigint) => void } {
  let heardAt = 0n;
  return {
    hear: (at) => {
      heardAt = at;
    },
    image: {
      read: (_, address, count) => Array.from({ length: count }, (_, at) => Number(coils.has(address + at))),
      write(_, address, [value]) {
        if (value === 1) coils.add(address);
        else coils.delete(address);
        return undefined;
      },
      pulse(address) {
        const channel = address - FLASH_ON;
        if (channel < 0 || channel >= CHANNELS) return refusal(2);
        coils.add(channel);
        seen.cut(channel, heardAt);
        return undefined;
      },
    },
  };
}

export async function startBenchDevices(seen: Seen): Promise<BenchDevices> {
  let words = meterWords(CALM);
  const coils = new Set<number>();
  const board = relayBoard(coils, seen);
  const meter: RegisterImage = {
    read(table, address, count) {
      if (address <= CURRENT_L1 && address + count > CURRENT_L1) seen.read(process.hrtime.bigint());
      return from(words).read(table, address, count);
    },
    write: () => refusal(1),
  };
  const servers: readonly PlainServer[] = await Promise.all([
    startPlainServer({ framing: "mbap", image: from(inverterWords()) }),
    startPlainServer({ framing: "rtu", image: meter }),
    startPlainServer({ framing: "mbap", image: board.image, heard: (_, at) => board.hear(at) }),
  ]);
  const [inverter = 0, meterPort = 0, relays = 0] = servers.map(({ port }) => port);
  return {
    ports: { inverter, meter: meterPort, relays },
    setLoad: (share) => {
      words = meterWords(share);
    },
    energised: () => [...coils],
    close: async () => void (await Promise.all(servers.map((server) => server.close()))),
  };
}
