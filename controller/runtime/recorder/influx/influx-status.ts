// How far one metrics database is, for people: the page, the terminal and /metrics tell it.
import type { Cursor } from "@gridwright/contract/ports.ts";

export interface InfluxStatus {
  readonly url: string;
  readonly database: string;
  readonly written: number;
  /** Lines that the database will never take. */
  readonly refused: number;
  /** Lines older than the database keeps. */
  readonly expired: number;
  /** Values left out because their time cannot be true. */
  readonly mistimed: number;
  readonly trouble: string | null;
  /** Places of the journal that could not be read, or were removed before they were sent. */
  readonly damage: number;
  /** Minutes sent in place of points that the journal had let go. */
  readonly thinned: number;
  readonly cursor: Cursor | null;
  /** Time of the newest value sent, ms since 1970. */
  readonly newest: number | null;
}

export interface InfluxWriter {
  status(): InfluxStatus;
  /** Tries for a moment to bring the last points, then stops; what is left goes out after the next start. */
  close(): Promise<void>;
}
