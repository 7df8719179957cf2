// What a place is told when a backup comes to it.
import type { Keep } from "./keep.ts";
import type { BackupPlace } from "./place.ts";

export interface Storing {
  readonly place: BackupPlace;
  /** Id of the site. */
  readonly site: string;
  readonly name: string;
  readonly dataDir: string;
  /** A backup takes no more. */
  readonly bytesMost: number;
  readonly keep?: Keep;
  /** Writes it to a path, synced and proved. */
  readonly make: (path: string) => Promise<unknown>;
}
