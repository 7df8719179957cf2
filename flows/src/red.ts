// As much of Node-RED's own interface as these nodes use. The published types would bring a browser's globals into every
// source of this repository. Types only.

export type Dot = "red" | "yellow" | "green" | "grey";
export interface Status {
  readonly fill?: Dot;
  readonly shape?: "dot" | "ring";
  readonly text?: string;
}
export interface Message {
  readonly [key: string]: unknown;
  readonly payload?: unknown;
}
export type Send = (message: Message | readonly (Message | null)[]) => void;
export type Done = (error?: Error) => void;

export interface RedNode {
  readonly id: string;
  readonly name?: string;
  readonly credentials?: { readonly token?: string };
  on(event: "input", listener: (message: Message, send: Send, done: Done) => void): void;
  on(event: "close", listener: (removed: boolean, done: () => void) => void): void;
  send: Send;
  status(status: Status): void;
  error(text: string, message?: Message): void;
  warn(text: string): void;
}

/** What the editor's form gave; every value as people typed it. */
export type Config = Readonly<Record<string, string | undefined>> & { readonly id: string };

interface Answering {
  json(value: unknown): void;
  status(code: number): Answering;
  end(): void;
}
type Handler = (request: { readonly params: Readonly<Record<string, string>> }, response: Answering) => void;

export interface Red {
  readonly nodes: {
    createNode(node: RedNode, config: Config): void;
    getNode(id: string): unknown;
    registerType(
      type: string,
      build: (this: RedNode, config: Config) => void,
      options?: { readonly credentials: Readonly<Record<string, { readonly type: "password" }>> },
    ): void;
  };
  readonly auth: { needsPermission(permission: string): unknown };
  readonly httpAdmin: { get(path: string, ...handlers: readonly unknown[]): void };
  /** Those of settings.js; `gridwright` where gridwright itself runs this Node-RED. */
  readonly settings: { readonly gridwright?: { readonly url: string; readonly token: string } };
}
export type AdminHandler = Handler;
