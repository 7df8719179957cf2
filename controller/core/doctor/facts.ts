// What a doctor can learn of a site's machine. Whatever a machine does not tell is undefined, never a guess.

export interface SiteFacts {
  readonly file: string;
  /** Each in one line; none: it may be used. With any of them nothing is known that only the site file says. */
  readonly mistakes: readonly string[];
  /** Why it cannot be read. */
  readonly unreadable?: string;
}

export interface ClockFacts {
  /** ms since 1970 by the machine's clock. */
  readonly wall: number;
  /** The newest record's time; undefined: there is none. */
  readonly newestRecord: number | undefined;
  readonly isSynchronised: boolean | undefined;
  readonly hasChip: boolean;
}

export interface CardFacts {
  /** Bytes written to the whole medium since the start of the machine, and how long that is, ms. */
  readonly writtenBytes: number | undefined;
  readonly upMs: number;
  readonly sizeBytes: number | undefined;
  /** Used share of its life as it says itself, 0 … 1. */
  readonly usedRatio: number | undefined;
  readonly freeBytes: number | undefined;
  readonly totalBytes: number | undefined;
  /** Bytes a day of each of our processes. */
  readonly processes: Readonly<Record<string, number>>;
}

export interface BoardFacts {
  readonly celsius: number | undefined;
  /** The firmware's word of get_throttled. */
  readonly throttled: number | undefined;
  readonly availableBytes: number;
  readonly memoryBytes: number;
  readonly swapUsedBytes: number;
  /** Programs that were ended for want of memory since the start. */
  readonly oomKills: number;
}

export interface RunningFacts {
  /** `none`: nothing runs on this data; `unheard`: the live bus cannot be asked. */
  readonly control: "live" | "silent" | "none" | "unheard";
  readonly latenessP99Ms: number | undefined;
  readonly buses: readonly { readonly id: string; readonly isUp: boolean; readonly busyRatio: number }[];
  readonly lostDevices: readonly string[];
}

/** One process of the site. */
export interface UnitFact {
  /** As the service manager knows it; of one that has none, the process's own name. */
  readonly name: string;
  readonly isUnit: boolean;
  readonly isControl: boolean;
  /** `waits`: what it needs to be started is not there. */
  readonly state: "up" | "starting" | "again" | "down" | "waits";
  /** How often it was started again since somebody last started it. */
  readonly restarts: number;
}

export interface ListeningPort {
  readonly address: string;
  readonly port: number;
  /** The process of gridwright that has it. */
  readonly ours: string | undefined;
}

export interface TrustFacts {
  /** End of the one that ends first, ms since 1970; undefined: there is none. */
  readonly certificateEnds: number | undefined;
  /** ms since 1970. */
  readonly authorityEnds: number | undefined;
  /** Listening beyond loopback. */
  readonly ports: readonly ListeningPort[];
  /** Ports that the site wants to be open; undefined: nobody knows. */
  readonly wantedPorts: readonly number[] | undefined;
  readonly secrets: readonly {
    readonly file: string;
    readonly fault: "open" | "default" | "short" | undefined;
  }[];
}

export interface CareFacts {
  readonly isSimulated: boolean;
  /** The site file names a device. */
  readonly isWired: boolean;
  /** Somebody signed for the commissioning, all of it; undefined: whether anybody must, nobody knows. */
  readonly isSigned: boolean | undefined;
  readonly backup:
    | {
        readonly at: number;
        readonly place: string;
        /** On the medium that the data lies on. */
        readonly withData?: boolean | undefined;
      }
    | undefined;
  /** When the newest was made that lies elsewhere than the data. */
  readonly backupApartAt?: number;
  readonly backupFailed: string | undefined;
  readonly update:
    | {
        readonly version: string;
        /** Of the last update. */
        readonly to: string;
        readonly failed?: string;
        readonly isOpen: boolean;
        /** A newer one, signed, on a stick that is plugged in. */
        readonly available: { readonly version: string; readonly file: string } | undefined;
      }
    | undefined;
}

export interface Facts {
  readonly site: SiteFacts;
  readonly clock: ClockFacts;
  readonly card: CardFacts;
  readonly board: BoardFacts;
  readonly running: RunningFacts;
  /** Undefined: the service manager does not tell. */
  readonly units: readonly UnitFact[] | undefined;
  readonly trust: TrustFacts;
  readonly care: CareFacts;
}
