// The heartbeat that some SunSpec batteries wait for (802:CtrlHb): a register raised by one each second while the
// controller is there. Only on devices that may be written; one that lacks or refuses it is asked again rarely.
import type { Clock } from "@gridwright/contract/clock.ts";
import { later, type Mono, mono, seconds } from "@gridwright/contract/units.ts";
import type { Write } from "@gridwright/protocols/modbus/commands.ts";
import type { PollTurn } from "@gridwright/protocols/modbus/schedule.ts";

const BEAT = seconds(1);
/** Without the register: another connection may bring another device. */
const LOOK_AGAIN = seconds(60);
/** 0xffff means «not implemented». */
const BEATS_MAX = 0xffff;

export interface HeartbeatOptions {
  readonly plant: Clock;
  readonly io: Clock;
  /** Where it stands on this device; undefined: nowhere, or the device may not be asked now. */
  place(): Promise<number | undefined>;
  /** Rejects when the device did not take it. */
  write(write: Write): Promise<void>;
  /** Told what `place` or `write` rejected with. */
  failed(error: unknown): void;
}

/** A turn of the bus that beats. */
export function heartbeatTurn({ plant, io, place, write, failed }: HeartbeatOptions): PollTurn {
  let count = 0;
  const turn = {
    periodMs: BEAT,
    dueAt: plant.now() as Mono,
    readAt: mono(Number.NEGATIVE_INFINITY),
    rounds: 0,
    inFlight: false,
    async take(): Promise<void> {
      turn.readAt = io.now();
      turn.inFlight = true;
      let next = LOOK_AGAIN;
      try {
        const address = await place();
        if (address !== undefined) {
          count = (count + 1) % BEATS_MAX;
          await write({ function: 16, address, words: [count] });
          next = BEAT;
        }
      } catch (error) {
        failed(error);
      } finally {
        turn.dueAt = later(plant.now(), next);
        turn.inFlight = false;
        turn.rounds++;
      }
    },
  };
  return turn;
}
