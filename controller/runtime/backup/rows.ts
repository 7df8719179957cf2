// A SQLite database as its rows, read in one transaction while others write, and made anew from them. SQLite's own copy would
// write the whole history to the card once more each night; rows need no room there and leave out what is free inside.
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { z } from "zod";

// stream   u32 length, JSON { userVersion, tables: [{ name, columns, sql }], later: [sql of indexes] };
//          then for each table its rows, each begun by byte 1, and byte 0 after the last
// value    byte 0: null; 1: f64; 2: u32 length, text; 3: u32 length, bytes. Numbers little-endian.

const Shape = z.strictObject({
  userVersion: z.int(),
  tables: z.array(z.strictObject({ name: z.string(), columns: z.int().min(1), sql: z.string() })),
  later: z.array(z.string()),
});
type Shape = z.output<typeof Shape>;

const TAG = { null: 0, number: 1, text: 2, bytes: 3 } as const;
const MORE = 1;
const SHAPE_BYTES_MAX = 1_000_000;
/** So much is gathered before it is given. */
const PIECE_BYTES = 262_144;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function shapeOf(db: DatabaseSync): Shape {
  const found = db
    .prepare(
      "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
    )
    .all()
    .map(({ type, name, sql }) => ({ type, name: String(name), sql: String(sql) }));
  const columns = (name: string): number => db.prepare(`PRAGMA table_info(${quoted(name)})`).all().length;
  return {
    userVersion: Number(db.prepare("PRAGMA user_version").get()?.user_version),
    tables: found
      .filter(({ type }) => type === "table")
      .map(({ name, sql }) => ({ name, sql, columns: columns(name) })),
    later: found.filter(({ type }) => type !== "table").map(({ sql }) => sql),
  };
}

function sized(tag: number, bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(tag, 0);
  head.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function encoded(value: SQLOutputValue | undefined): Buffer {
  if (value === null || value === undefined) return Buffer.of(TAG.null);
  if (typeof value === "string") return sized(TAG.text, Buffer.from(value, "utf8"));
  if (typeof value === "object") return sized(TAG.bytes, value);
  const number = Buffer.alloc(9);
  number.writeUInt8(TAG.number, 0);
  number.writeDoubleLE(Number(value), 1);
  return number;
}

function* encodedRows(db: DatabaseSync, { tables }: Shape): Generator<Buffer> {
  for (const { name } of tables) {
    const rows = db.prepare(`SELECT * FROM ${quoted(name)}`).iterate();
    for (const row of rows) yield Buffer.concat([Buffer.of(MORE), ...Object.values(row).map(encoded)]);
    yield Buffer.of(0);
  }
}

/** The database's content as it is now, in pieces. Throws what SQLite throws. */
export function* readRows(path: string): Generator<Buffer> {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    db.exec("BEGIN");
    const shape = shapeOf(db);
    const head = Buffer.from(JSON.stringify(shape), "utf8");
    let waiting: Buffer[] = [sized(0, head).subarray(1)];
    let bytes = head.length;
    for (const row of encodedRows(db, shape)) {
      waiting.push(row);
      bytes += row.length;
      if (bytes < PIECE_BYTES) continue;
      yield Buffer.concat(waiting);
      [waiting, bytes] = [[], 0];
    }
    yield Buffer.concat(waiting);
  } finally {
    db.close();
  }
}

interface Taken<T> {
  readonly value: T;
  readonly next: number;
}

const numberAt = (bytes: Buffer, at: number): Taken<number> | undefined =>
  bytes.length < at + 8 ? undefined : { value: bytes.readDoubleLE(at), next: at + 8 };

function bytesAt(bytes: Buffer, at: number): Taken<Buffer> | undefined {
  if (bytes.length < at + 4) return undefined;
  const next = at + 4 + bytes.readUInt32LE(at);
  return bytes.length < next ? undefined : { value: bytes.subarray(at + 4, next), next };
}

function valueAt(bytes: Buffer, at: number): Taken<SQLInputValue> | undefined {
  const tag = bytes[at];
  if (tag === TAG.null) return { value: null, next: at + 1 };
  if (tag === TAG.number) return numberAt(bytes, at + 1);
  const found = bytesAt(bytes, at + 1);
  return found !== undefined && tag === TAG.text ? { ...found, value: found.value.toString("utf8") } : found;
}

/** One row, or null at the end of its table; undefined: more bytes are needed. */
function rowAt(
  bytes: Buffer,
  at: number,
  columns: number,
): Taken<readonly SQLInputValue[] | null> | undefined {
  const begun = bytes[at];
  if (begun === undefined) return undefined;
  if (begun !== MORE) return { value: null, next: at + 1 };
  const row: SQLInputValue[] = [];
  let next = at + 1;
  while (row.length < columns) {
    const taken = next < bytes.length ? valueAt(bytes, next) : undefined;
    if (taken === undefined) return undefined;
    row.push(taken.value);
    next = taken.next;
  }
  return { value: row, next };
}

export interface RowsWriter {
  /** Takes the next piece of what `readRows` gave, cut anywhere. */
  take(piece: Buffer): void;
  /** Throws where something is missing. */
  end(): void;
  /** Gives it up. */
  close(): void;
}

class Rebuilding implements RowsWriter {
  readonly #db: DatabaseSync;
  readonly #path: string;
  #rest: Buffer = Buffer.alloc(0);
  #shape: Shape | undefined;
  #table = 0;
  #insert: ((row: readonly SQLInputValue[]) => void) | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#db = new DatabaseSync(path);
    // Nobody else knows of this file yet, and a restore that is cut off begins anew.
    this.#db.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
  }

  take(piece: Buffer): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    this.#rest = bytes.subarray(this.#rows(bytes, this.#head(bytes)));
  }

  end(): void {
    const shape = this.#shape;
    if (shape === undefined || this.#table < shape.tables.length || this.#rest.length > 0)
      throw new GridwrightError("backup-damaged", `the rows of ${this.#path} are not all there`);
    for (const sql of shape.later) this.#db.exec(sql);
    this.#db.exec(`PRAGMA user_version = ${shape.userVersion}; COMMIT`);
    this.#db.close();
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  /** Where the rows begin, once the shape is there. */
  #head(bytes: Buffer): number {
    if (this.#shape !== undefined) return 0;
    const head = bytesAt(bytes, 0);
    if (head === undefined && bytes.length > SHAPE_BYTES_MAX)
      throw new GridwrightError("backup-damaged", `what ${this.#path} holds is not understood`);
    if (head === undefined) return 0;
    this.#shape = Shape.parse(JSON.parse(head.value.toString("utf8")));
    for (const { sql } of this.#shape.tables) this.#db.exec(sql);
    return head.next;
  }

  #rows(bytes: Buffer, from: number): number {
    let at = from;
    for (let table = this.#now(); table !== undefined; table = this.#now()) {
      const row = rowAt(bytes, at, table.columns);
      if (row === undefined) return at;
      at = row.next;
      this.#put(table, row.value);
    }
    return at;
  }

  #now(): Shape["tables"][number] | undefined {
    return this.#shape?.tables[this.#table];
  }

  #put({ name, columns }: Shape["tables"][number], row: readonly SQLInputValue[] | null): void {
    if (row === null) {
      this.#table += 1;
      this.#insert = undefined;
      return;
    }
    if (this.#insert === undefined) {
      const places = Array.from({ length: columns }, () => "?").join(", ");
      const statement = this.#db.prepare(`INSERT INTO ${quoted(name)} VALUES (${places})`);
      this.#insert = (values) => void statement.run(...values);
    }
    this.#insert(row);
  }
}

/** Makes a database at `path`, where there is none, from its rows. */
export const writeRows = (path: string): RowsWriter => new Rebuilding(path);
