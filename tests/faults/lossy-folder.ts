// A folder whose power can be cut before any act of a program that writes it by node:fs/promises: bytes that were not synced are
// then lost, torn or full of holes, names that were not synced as they were at some time since. As POSIX allows, not as kind
// file systems do. The program runs as it is; its calls pass through here to a real folder.
import fs, { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import fsp, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { torn } from "@gridwright/runtime/journal/fake-disk.ts";

interface File {
  durable: Buffer;
  seen: Buffer;
}
interface Folder {
  names: ReadonlyMap<string, File | Folder>;
  /** What surely survives, and all that was since. */
  course: readonly Folder["names"][];
}
const newFolder = (): Folder => ({ names: new Map(), course: [new Map()] });
const isFolder = (node: File | Folder | undefined): node is Folder => node !== undefined && "names" in node;

const real = { open: fsp.open, mkdir: fsp.mkdir, rename: fsp.rename, writeFile: fsp.writeFile };

export class LossyFolder {
  readonly root = mkdtempSync(join(fs.existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "gridwright-lossy-"));
  /** Acts until the power is cut. */
  left = Number.POSITIVE_INFINITY;
  #tree = newFolder();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
    fsp.open = ((path: string, flags: string, mode?: number) =>
      this.#open(path, flags, mode)) as typeof fsp.open;
    fsp.mkdir = ((path: string, options?: object) => this.#mkdir(path, options)) as typeof fsp.mkdir;
    fsp.rename = ((from: string, to: string) => this.#rename(from, to)) as typeof fsp.rename;
    fsp.writeFile = (async (path: string, content: string | Uint8Array) => {
      await using file = await this.#open(path, "w", 0o666);
      await file.writeFile(content);
    }) as typeof fsp.writeFile;
    syncBuiltinESMExports();
  }
  close(): void {
    Object.assign(fsp, real);
    syncBuiltinESMExports();
    rmSync(this.root, { recursive: true });
  }

  /** What survived is there, all of it now durable. */
  powerReturns(): void {
    this.#tree = this.#survivor(this.#tree);
    this.left = Number.POSITIVE_INFINITY;
    rmSync(this.root, { recursive: true });
    this.#write(this.#tree, this.root);
  }

  #act(): void {
    if (this.left <= 0) throw new Error("the power is cut");
    this.left -= 1;
  }
  #at(path: string): File | Folder | undefined {
    const parts = relative(this.root, path)
      .split("/")
      .filter((part) => part !== "");
    let at: File | Folder | undefined = this.#tree;
    for (const part of parts) at = isFolder(at) ? at.names.get(part) : undefined;
    return at;
  }
  #change(path: string, change: (names: Map<string, File | Folder>) => void): void {
    const folder = this.#at(path);
    if (!isFolder(folder)) throw new Error(`${path} is no folder`);
    const names = new Map(folder.names);
    change(names);
    folder.names = names;
    folder.course = [...folder.course, names];
  }
  async #mkdir(path: string, options?: object): Promise<string | undefined> {
    this.#act();
    const made = await real.mkdir(path, options as { recursive: true });
    const missing: string[] = [];
    for (let at = path; this.#at(at) === undefined; at = dirname(at)) missing.unshift(at);
    for (const one of missing)
      this.#change(dirname(one), (names) => names.set(relative(dirname(one), one), newFolder()));
    return made;
  }
  async #rename(from: string, to: string): Promise<void> {
    this.#act();
    await real.rename(from, to);
    const moved = this.#at(from);
    if (moved === undefined || dirname(from) !== dirname(to)) throw new Error(`${from} cannot become ${to}`);
    const name = (path: string): string => relative(dirname(from), path);
    this.#change(dirname(from), (names) => void (names.delete(name(from)) && names.set(name(to), moved)));
  }
  async #open(path: string, flags: string, mode?: number): Promise<FileHandle> {
    if (flags !== "r") this.#act();
    const handle = await real.open(path, flags, mode);
    if (flags !== "r" && this.#at(path) === undefined) {
      const made: File = { durable: Buffer.alloc(0), seen: Buffer.alloc(0) };
      this.#change(dirname(path), (names) => names.set(relative(dirname(path), path), made));
    }
    const node = this.#at(path);
    if (flags.startsWith("w") && node !== undefined && !isFolder(node)) node.seen = Buffer.alloc(0);
    return this.#watched(handle, path, node);
  }
  #watched(handle: FileHandle, path: string, node: File | Folder | undefined): FileHandle {
    const act = (name: string, done: () => void) => {
      const method = Reflect.get(handle, name) as (...args: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        this.#act();
        const result = await method.apply(handle, given);
        done();
        return result;
      };
    };
    const changed = (): void => {
      if (node !== undefined && !isFolder(node)) node.seen = readFileSync(path);
    };
    const synced = (): void => {
      if (isFolder(node)) node.course = [node.names];
      else if (node !== undefined) node.durable = node.seen;
    };
    const acts = {
      ...{ writeFile: act("writeFile", changed), truncate: act("truncate", changed) },
      ...{ sync: act("sync", synced), datasync: act("datasync", synced) },
    };
    return Object.assign(handle, acts);
  }
  #survivor({ names, course }: Folder): Folder {
    const chosen = course[Math.floor(this.#random() * course.length)] ?? names;
    const kept = [...chosen].map(([name, node]): [string, File | Folder] => {
      if (isFolder(node)) return [name, this.#survivor(node)];
      const bytes = node.durable === node.seen ? node.seen : torn(node, this.#random);
      return [name, { durable: bytes, seen: bytes }];
    });
    const survived = new Map(kept);
    return { names: survived, course: [survived] };
  }
  #write(folder: Folder, path: string): void {
    mkdirSync(path, { recursive: true });
    for (const [name, node] of folder.names)
      if (isFolder(node)) this.#write(node, join(path, name));
      else writeFileSync(join(path, name), node.seen, { mode: 0o600 });
  }
}
