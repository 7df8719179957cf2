// What a measurement asks of a process that brings a journal to a database, and the ways that are compared.
export const WAYS = ["gridwright", "influx package", "bare HTTP"] as const;
export type Way = (typeof WAYS)[number];

export interface Task {
  readonly way: Way;
  readonly url: string;
  readonly database: string;
  readonly journalDir: string;
  readonly dataDir: string;
  readonly houses: number;
}
