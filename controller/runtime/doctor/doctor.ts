// The doctor of a running site: looks each ten minutes, keeps what it found for the technician's page, and gives what people must
// be told to the alerts.

import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { DoctorReport } from "@gridwright/contract/doctor-words.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { type Epoch, epoch, minutes, seconds } from "@gridwright/contract/units.ts";
import { doctorAlarms } from "@gridwright/core/alerts/doctor-alarms.ts";
import { lookAgain } from "../clock/look-again.ts";
import { type Examined, examine } from "./examine.ts";

const LOOK = minutes(10);
/** A report that is younger is not made anew for who asks. */
const FRESH_MS = seconds(20);

export interface Doctor {
  report(): Promise<DoctorReport>;
  /** By the newest report; none before the first. */
  alarms(): readonly Alarm[];
  close(): Promise<void>;
}

export interface DoctorOptions {
  readonly io: Clock;
  readonly log: Log;
  /** What there is to look at now. */
  readonly examined: () => Omit<Examined, "wall">;
}

export function startDoctor({ io, log, examined }: DoctorOptions): Doctor {
  let last: DoctorReport | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const raised = new Map<string, Epoch>();
  const look = async (): Promise<DoctorReport> => {
    lookedAt = io.now();
    last = await examine({ ...examined(), wall: io.wall() });
    return last;
  };
  const onError = (error: unknown): void => log.error("the doctor could not look", { why: messageOf(error) });
  const looking = lookAgain(io, LOOK, { look: async () => void (await look()), onError });
  return {
    report: async () => (last !== undefined && io.now() - lookedAt < FRESH_MS ? last : look()),
    alarms() {
      const since = (id: string): Epoch => {
        const at = raised.get(id) ?? epoch(io.wall());
        raised.set(id, at);
        return at;
      };
      const alarms = doctorAlarms(last?.findings ?? [], since);
      for (const id of raised.keys()) if (!alarms.some((alarm) => alarm.id === id)) raised.delete(id);
      return alarms;
    },
    close: () => looking.close(),
  };
}
