// A tree in memory whose power can be cut before any act: what was not synced is then lost wholly, in part or not at all, as a
// seed says. For tests of what must survive that.
import type { Tree } from "./tree.ts";

export class PowerCut extends Error {}

interface File {
  readonly kind: "file";
  bytes: Buffer;
  /** What surely survives. */
  durable: Buffer;
  mode: number;
}
interface Link {
  readonly kind: "link";
  readonly target: string;
}
type Names = ReadonlyMap<string, Node>;
interface Folder {
  readonly kind: "folder";
  names: Names;
  /** What surely survives, and all that was since: one of them is found after a cut. */
  course: readonly Names[];
}
type Node = File | Link | Folder;

const newFolder = (): Folder => ({ kind: "folder", names: new Map(), course: [new Map()] });

export interface Power {
  /** Acts until it is cut; Infinity: never. */
  left: number;
  /** 0 … 1. */
  readonly random: () => number;
}

/** Several trees may hang on one power. */
export class LossyTree implements Tree {
  #root: Folder = newFolder();
  readonly #power: Power;

  constructor(power: Power) {
    this.#power = power;
  }

  list(folder: string): readonly string[] {
    const found = this.#find(folder);
    return found?.kind === "folder" ? [...found.names.keys()].sort() : [];
  }
  read(path: string): Buffer | undefined {
    const found = this.#find(path);
    return found?.kind === "file" ? found.bytes : undefined;
  }
  target(path: string): string | undefined {
    const found = this.#find(path);
    return found?.kind === "link" ? found.target : undefined;
  }
  folder(path: string): void {
    this.#act();
    let at = this.#root;
    for (const name of path.split("/")) {
      const below = at.names.get(name) ?? newFolder();
      if (below.kind !== "folder") throw new Error(`${path} is no folder`);
      if (!at.names.has(name)) this.#put(at, name, below);
      at = below;
    }
  }
  append(path: string, bytes: Buffer, mode: number): void {
    this.#act();
    const found = this.#find(path);
    if (found !== undefined && found.kind !== "file") throw new Error(`${path} is no file`);
    const file: File = found ?? { kind: "file", bytes: Buffer.alloc(0), durable: Buffer.alloc(0), mode };
    file.bytes = Buffer.concat([file.bytes, bytes]);
    file.mode = mode;
    if (found === undefined) this.#put(...this.#place(path), file);
  }
  link(path: string, target: string): void {
    this.#act();
    if (this.#find(path) !== undefined) throw Object.assign(new Error(`EEXIST ${path}`), { code: "EEXIST" });
    this.#put(...this.#place(path), { kind: "link", target });
  }
  rename(from: string, to: string): void {
    this.#act();
    const [folder, name] = this.#place(from);
    const [sameFolder, newName] = this.#place(to);
    const moved = folder.names.get(name);
    if (moved === undefined || folder !== sameFolder) throw new Error(`${from} cannot become ${to}`);
    const names = new Map(folder.names);
    names.delete(name);
    names.set(newName, moved);
    this.#become(folder, names);
  }
  remove(path: string): void {
    this.#act();
    if (this.#find(path) === undefined) return;
    const [folder, name] = this.#place(path);
    const names = new Map(folder.names);
    names.delete(name);
    this.#become(folder, names);
  }
  sync(path: string): void {
    this.#act();
    const found = path === "" ? this.#root : this.#find(path);
    if (found?.kind === "file") found.durable = found.bytes;
    if (found?.kind === "folder") found.course = [found.names];
  }

  /** The power is back: what survived is there, all of it now durable. */
  powerReturns(): void {
    this.#root = this.#survivor(this.#root);
    this.#power.left = Number.POSITIVE_INFINITY;
  }

  #act(): void {
    if (this.#power.left <= 0) throw new PowerCut("the power is cut");
    this.#power.left -= 1;
  }

  #survivor(folder: Folder): Folder {
    const chosen = folder.course[Math.floor(this.#power.random() * folder.course.length)] ?? folder.names;
    const names = new Map([...chosen].map(([name, node]) => [name, this.#survived(node)] as const));
    return { kind: "folder", names, course: [names] };
  }

  #survived(node: Node): Node {
    if (node.kind === "folder") return this.#survivor(node);
    if (node.kind === "link") return node;
    const torn = node.bytes.subarray(0, Math.floor(this.#power.random() * (node.bytes.length + 1)));
    const bytes = node.durable === node.bytes ? node.bytes : torn;
    return { ...node, bytes, durable: bytes };
  }

  #become(folder: Folder, names: Names): void {
    folder.names = names;
    folder.course = [...folder.course, names];
  }
  #put(folder: Folder, name: string, node: Node): void {
    this.#become(folder, new Map([...folder.names, [name, node]]));
  }
  #find(path: string): Node | undefined {
    let at: Node = this.#root;
    for (const name of path === "" ? [] : path.split("/")) {
      const below: Node | undefined = at.kind === "folder" ? at.names.get(name) : undefined;
      if (below === undefined) return undefined;
      at = below;
    }
    return at;
  }
  #place(path: string): [Folder, string] {
    const cut = path.lastIndexOf("/");
    const folder = cut < 0 ? this.#root : this.#find(path.slice(0, cut));
    if (folder?.kind !== "folder") throw new Error(`there is no folder of ${path}`);
    return [folder, path.slice(cut + 1)];
  }
}
