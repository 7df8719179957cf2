// A card that can lose power: what was not synced is gone or torn, in parts and at random. For tests of the writer.
import type { Disk, StoredFile } from "./disk.ts";

interface FakeFile {
  /** What survives for sure. */
  durable: Buffer;
  /** What a reader sees now. */
  seen: Buffer;
}

const splice = (old: Buffer, bytes: Buffer, at: number): Buffer => {
  const grown = Buffer.alloc(Math.max(old.length, at + bytes.length));
  old.copy(grown);
  bytes.copy(grown, at);
  return grown;
};

/** The unsynced tail cut at random, and sometimes with bytes that never arrived. */
export function torn({ durable, seen }: FakeFile, random: () => number): Buffer {
  const extra = Math.max(0, seen.length - durable.length);
  const arrived = random() < 0.2 ? extra : Math.floor(random() * (extra + 1));
  const kept = Buffer.from(seen.subarray(0, durable.length + arrived));
  if (random() < 0.5 && kept.length > durable.length) {
    const hole = durable.length + Math.floor(random() * (kept.length - durable.length));
    kept.fill(0, hole, Math.min(kept.length, hole + 512));
  }
  durable.copy(kept);
  return kept;
}

export class FakeDisk implements Disk {
  readonly #files = new Map<string, FakeFile>();
  #current: string | undefined;
  #refusal: string | undefined;
  #refusesWrites = true;

  list(): readonly StoredFile[] {
    return [...this.#files].map(([name, { seen }]) => ({ name, bytes: seen.length, changedAt: 0 }));
  }
  read(name: string): Buffer {
    return Buffer.from(this.#file(name).seen);
  }
  create(name: string, bytes: Buffer): void {
    this.#check();
    this.keep(name, bytes);
    this.#current = name;
  }
  write(bytes: Buffer, at: number): void {
    const target = this.#file(this.#current);
    const refuses = this.#refusal !== undefined && this.#refusesWrites;
    target.seen = splice(target.seen, refuses ? bytes.subarray(0, bytes.length >> 1) : bytes, at);
    if (refuses) this.#check();
  }
  sync(): void {
    this.#check();
    const target = this.#file(this.#current);
    target.durable = Buffer.from(target.seen);
  }
  truncate(name: string, bytes: number): void {
    this.keep(name, this.read(name).subarray(0, bytes));
  }
  keep(name: string, bytes: Buffer): void {
    this.#files.set(name, { durable: Buffer.from(bytes), seen: Buffer.from(bytes) });
  }
  rename(from: string, to: string): void {
    this.#files.set(to, this.#file(from));
    this.#files.delete(from);
  }
  remove(name: string): void {
    this.#files.delete(name);
  }
  close(): void {
    this.#current = undefined;
  }

  /** Power goes: of each file's unsynced change any part may have reached the card. */
  crash(random: () => number): void {
    for (const [name, file] of this.#files) this.keep(name, torn(file, random));
    this.#current = undefined;
  }
  /** From now on each write and sync fails with this code, or each sync alone; undefined: works again. */
  refuse(code: string | undefined, what: "all" | "syncs" = "all"): void {
    this.#refusal = code;
    this.#refusesWrites = what === "all";
  }

  #check(): void {
    const code = this.#refusal;
    if (code !== undefined) throw Object.assign(new Error(`${code}: the card refuses`), { code });
  }
  #file(name: string | undefined): FakeFile {
    const found = name === undefined ? undefined : this.#files.get(name);
    if (found === undefined) throw Object.assign(new Error(`ENOENT: ${name}`), { code: "ENOENT" });
    return found;
  }
}
