// A Node-RED and a controller that a test plays, around one node: what it sends, shows and asks of what it is told. Only tests
// may import this.
import type { ApiAsset } from "@gridwright/contract/api.ts";
import type { FlowBody } from "@gridwright/contract/request.ts";
import type { Config, Message, Red, RedNode, Status } from "../red.ts";
import type { Connection, Listener, Said } from "../site/connection.ts";
import type { Live } from "../site/live.ts";

export interface Bench {
  readonly sent: Message[];
  readonly statuses: Status[];
  readonly asked: string[];
  /** What it told or took back beside requests. */
  readonly posted: string[];
  /** Channels that it looks at beside the stream. */
  readonly watched: string[];
  /** The plant as it becomes; undefined: the line breaks. */
  become(live: Live | undefined): void;
  /** A message comes in; what went wrong. */
  tell(payload: unknown): Promise<Error | undefined>;
  /** Lets the controller answer what it was asked. */
  answer(outcome?: Said["outcome"]): Promise<void>;
  close(): Promise<void>;
}

export interface Given {
  readonly assets?: readonly Partial<ApiAsset>[];
  readonly live?: Live;
  /** What a GET gives; what it throws is what the controller said. */
  readonly get?: (path: string) => unknown;
  /** What the controller answers to what it is told beside requests; what it throws is what it said. */
  readonly answer?: () => unknown;
  /** The flow names no site. */
  readonly siteless?: true;
}

export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function doneBy(body: FlowBody): string {
  if (body.kind === "switch") return body.on ? "on" : "off";
  if (body.kind === "tier") return `tier ${body.tier}`;
  if (body.kind === "setpoint") return `setpoint ${body.share}`;
  return body.kind === "limit" ? `limit ${body.share}` : body.kind;
}
const textOf = (body: FlowBody, ttlMs: number): string =>
  `${doneBy(body)} ${body.asset} ${ttlMs / 60_000} min: ${body.why}`;

const SAID = {
  reason: { code: "any", params: {} },
  said: { en: "it is held off", es: "retenido" },
} as const;

interface Controller {
  readonly connection: Connection;
  readonly listeners: Set<Listener>;
  readonly waiting: ((outcome: Said["outcome"]) => void)[];
}

function controller(
  { assets = [], live, get, answer }: Given,
  bench: Pick<Bench, "asked" | "watched" | "posted">,
): Controller {
  const [listeners, waiting]: [Set<Listener>, Controller["waiting"]] = [new Set(), []];
  const connection = {
    site: { timezone: "Europe/Madrid", assets },
    live,
    listen(listener: Listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch: (channel: string) => void bench.watched.push(channel),
    get: async (path: string) => get?.(path),
    async send(method: string, path: string, body?: object) {
      bench.posted.push([method, path, ...(body ? [JSON.stringify(body)] : [])].join(" "));
      return answer?.();
    },
    ask(ttlMs: number, body: FlowBody) {
      bench.asked.push(textOf(body, ttlMs));
      return new Promise((resolve) => waiting.push((outcome) => resolve({ outcome, ...SAID })));
    },
  } as unknown as Connection;
  return { connection, listeners, waiting };
}

type Heard = (...given: unknown[]) => void;

/** Builds the node of `register` with this configuration. */
export function benchOf(register: (RED: Red) => void, config: Config, given: Given = {}): Bench {
  const seen = {
    sent: [] as Message[],
    statuses: [] as Status[],
    asked: [] as string[],
    ...{ watched: [] as string[], posted: [] as string[] },
  };
  const { connection, listeners, waiting } = controller(given, seen);
  const on = new Map<string, Heard[]>();
  const send = (message: Message): void => void seen.sent.push(message);
  const node = {
    ...{ id: config.id, send },
    on: (event: string, listener: Heard) => on.set(event, [...(on.get(event) ?? []), listener]),
    status: (status: Status) => seen.statuses.push(status),
  } as unknown as RedNode;
  const RED = {
    nodes: {
      createNode: () => undefined,
      getNode: () => (given.siteless ? null : { connection, language: "en" }),
      registerType: (_type: string, build: (this: RedNode, config: Config) => void) =>
        build.call(node, config),
    },
  } as unknown as Red;
  register(RED);
  const call = (event: string, ...told: unknown[]): Promise<unknown> =>
    Promise.all((on.get(event) ?? []).map((one) => new Promise<void>((done) => one(...told, () => done()))));
  return {
    ...seen,
    become(live) {
      const before = connection.live;
      Object.assign(connection, { live });
      for (const listener of listeners) listener(live, before);
    },
    tell: (payload) =>
      new Promise((resolve) => on.get("input")?.[0]?.({ payload }, send, (error?: Error) => resolve(error))),
    async answer(outcome = "accepted") {
      waiting.shift()?.(outcome);
      await settled();
    },
    async close() {
      await call("close", true);
    },
  };
}

/** A plant that stands so; what is not given is empty. */
export const liveOf = (given: Partial<Live> = {}): Live => ({
  ...{
    t: 1_760_000_000_000 as Live["t"],
    speed: 1,
    mode: "on-grid",
    control: { state: "live", silentMs: 70 },
  },
  ...{ channels: {}, assets: {}, devices: {}, decisions: [], alarms: [] },
  ...given,
});
