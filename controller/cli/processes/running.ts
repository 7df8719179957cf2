// What each process hands to its entry: where it listens and how it ends.

export interface Running {
  readonly ports: Readonly<Record<string, number>>;
  /** Ends cleanly within a second; called once. */
  stop(): Promise<void>;
}
