// Which sessions are in use, by a clock that no setting moves: the wall clock of a small computer may leap by years (no
// battery, then the first time from a phone), and nobody who just used the page may be out for that.
import type { Clock } from "@gridwright/contract/clock.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";
import { idleMax, type Session } from "./book.ts";

/** Remembered since this process began; the rest is judged by the wall clock alone. */
const REMEMBERED_MAX = 6_000;

export interface Presence {
  /** The session of this hash was just used. */
  used(hash: string): void;
  /** True while it may still be used. A clock that went back kills no session. */
  isAlive(session: Session): boolean;
}

export function createPresence(io: Clock): Presence {
  const usedAt = new Map<string, Mono>();
  return {
    used(hash) {
      usedAt.delete(hash);
      usedAt.set(hash, io.now());
      const [oldest] = usedAt.keys();
      if (usedAt.size > REMEMBERED_MAX && oldest !== undefined) usedAt.delete(oldest);
    },
    isAlive(session) {
      const used = usedAt.get(session.hash);
      const idle = used === undefined ? io.wall() - session.seenAt : elapsed(used, io.now());
      return idle < idleMax(session);
    },
  };
}
