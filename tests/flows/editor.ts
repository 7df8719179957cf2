// A technician at the editor's doors without a browser: deploys, presses inject nodes, listens to the editor's own socket.
// Goes the way that the editor goes, through the page's server.
import type { FlowsAnswer } from "@gridwright/contract/api-flows.ts";
import { UNTRIED_HEADER } from "@gridwright/contract/flows-place.ts";
import { until, type Village } from "../tools/village.ts";

export type Flow = Readonly<Record<string, unknown>>;

export interface Editor {
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Deploys in the way of the editor, untried but with a reason; gives status and what was said. */
  deploy(flows: readonly Flow[], rev?: string): Promise<{ readonly status: number; readonly text: string }>;
  now(): Promise<{ readonly flows: readonly Flow[]; readonly rev: string }>;
  press(id: string): Promise<number>;
  report(): Promise<FlowsAnswer>;
  /** What debug nodes say from now on. */
  listen(): Promise<Debug>;
}

export interface Debug {
  readonly said: readonly string[];
  close(): void;
}

const DEADLINE_MS = 15_000;
const COOKIE = "gridwright-demo-role=technician";

interface Said {
  readonly topic?: string;
  readonly data?: { readonly msg?: string };
}

async function listen(base: string): Promise<Debug> {
  const said: string[] = [];
  const socket = new WebSocket(`${base.replace("http", "ws")}/flows/comms`, {
    headers: { cookie: COOKIE, origin: base },
  } as unknown as string[]);
  socket.addEventListener("message", ({ data }) => {
    for (const { topic, data: inner } of [JSON.parse(String(data)) as Said | Said[]].flat())
      if (topic === "debug" && inner?.msg !== undefined) said.push(inner.msg);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error("the editor's socket does not open")));
  });
  socket.send('{"subscribe":"debug"}');
  return { said, close: () => socket.close() };
}

export function editorOf(village: Village): Editor {
  const base = (): string => `http://127.0.0.1:${village.processes().services.ports.page}`;
  const ask: Editor["ask"] = (path, init = {}) =>
    fetch(`${base()}${path}`, {
      signal: AbortSignal.timeout(DEADLINE_MS),
      ...init,
      headers: {
        cookie: COOKIE,
        "content-type": "application/json",
        "node-red-api-version": "v2",
        ...init.headers,
      },
    });
  const now: Editor["now"] = async () =>
    (await (await ask("/flows/flows")).json()) as Awaited<ReturnType<Editor["now"]>>;
  return {
    ask,
    now,
    async deploy(flows, rev) {
      const body = JSON.stringify({ flows, ...(rev !== undefined && { rev }) });
      const headers = { [UNTRIED_HEADER]: encodeURIComponent("a test of what comes after «Try it»") };
      const response = await ask("/flows/flows", { method: "POST", body, headers });
      return { status: response.status, text: await response.text() };
    },
    press: async (id) => (await ask(`/flows/inject/${id}`, { method: "POST" })).status,
    report: async () => (await (await ask("/api/v1/flows")).json()) as FlowsAnswer,
    listen: () => listen(base()),
  };
}

/** Waits until the flows run; they come after everything else, and the first time they are installed. */
export async function untilFlowsRun(village: Village, editor: Editor, withinMs = 60_000): Promise<number> {
  const runs = async (): Promise<boolean> =>
    ["running", "safe"].includes((await editor.report().catch(() => ({ state: "none" }))).state);
  return until("the flows run", runs, { withinMs, terminal: village.terminal, everyMs: 200 });
}

export const SITE: Flow = { id: "gw-site", type: "gridwright-site", name: "here", url: "", language: "en" };
const TAB: Flow = { id: "t1", type: "tab", label: "test" };

/** A button, a function, and a debug node that tells what came of it. */
export const pressed = (id: string, func: string): readonly Flow[] => [
  {
    id: `${id}-press`,
    type: "inject",
    z: "t1",
    props: [{ p: "payload" }],
    payload: "true",
    payloadType: "bool",
    repeat: "",
    once: false,
    x: 100,
    y: 80,
    wires: [[`${id}-do`]],
  },
  {
    id: `${id}-do`,
    type: "function",
    z: "t1",
    func,
    outputs: 1,
    libs: [],
    x: 200,
    y: 80,
    wires: [[`${id}-say`]],
  },
  {
    id: `${id}-say`,
    type: "debug",
    z: "t1",
    active: true,
    tosidebar: true,
    complete: "payload",
    targetType: "msg",
    x: 300,
    y: 80,
    wires: [],
  },
];

export const withSite = (...parts: readonly (readonly Flow[])[]): readonly Flow[] => [
  TAB,
  SITE,
  ...parts.flat(),
];
