// What services have of the technicians' flows: the token by which their process is known, whether it lives, the versions
// that it keeps, and the way to its editor on loopback. The process is not trusted: what it wrote is read by schema, and
// no session of a person is ever shown to it.
import { timingSafeEqual } from "node:crypto";
import type { FlowsAnswer, FlowsBeat } from "@gridwright/contract/api-flows.ts";
import type { Decision } from "@gridwright/contract/decision.ts";
import { compareFlows, type FlowsCompared } from "@gridwright/contract/flows-compare.ts";
import type { FlowsPlace } from "@gridwright/contract/flows-place.ts";
import type { Answer, FlowBody } from "@gridwright/contract/request.ts";
import type { Asker } from "../people/book.ts";
import { digestOf } from "../people/digest.ts";
import type { VersionFile } from "./kept-versions.ts";
import { type FlowsState, watchFlows } from "./life.ts";
import { type FlowsWatchOptions, watchDeploys } from "./watch.ts";

export interface FlowsDoor {
  readonly place: FlowsPlace;
  /** Who shows this token; undefined: not the process of the flows. */
  asker(token: string): Asker | undefined;
  /** A sign of life of it. */
  heard(beat: FlowsBeat): void;
  state(): FlowsState;
  /** Keeps count of what flows are answered; `own`: of the process that runs here. */
  counted(
    asked: { readonly own: boolean; readonly body: FlowBody },
    answering: Promise<Answer | undefined>,
  ): Promise<Answer | undefined>;
  /** What the controller decides, for the watch over deploys. */
  decided(decision: Decision): void;
  report(): Promise<FlowsAnswer>;
  /** What is other in version `n` than in version `from`; undefined: one of them is not kept. */
  compare(n: number, from: number): Promise<FlowsCompared | undefined>;
  /** Deploys a kept version again in somebody's name; what is said when it is refused. */
  restore(n: number, by: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface FlowsDoorOptions extends Omit<FlowsWatchOptions, "restore"> {
  readonly place: FlowsPlace;
}

export const FLOWS_ID = "flows";
export const FLOWS_PREFIX = "/flows";
const VERSIONS_SHOWN = 20;
const DEPLOY_DEADLINE_MS = 15_000;
const REFUSAL_CHARS_MAX = 4_000;

export const passOf = ({ key }: FlowsPlace, name: string): string =>
  `Bearer ${key}.${Buffer.from(name).toString("base64url")}`;

const ASKER: Asker = {
  person: { id: FLOWS_ID, name: "Node-RED", role: "technician", via: "token" },
  scopes: ["read", "flow"],
};

const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(digestOf(a)), Buffer.from(digestOf(b)));

/** The way by which the editor deploys; the process judges it like any other deploy. */
async function deploy(place: FlowsPlace, version: VersionFile, by: string): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${place.port}${FLOWS_PREFIX}/flows`, {
    method: "POST",
    headers: {
      authorization: passOf(place, by),
      "content-type": "application/json",
      "x-gridwright-message": `version ${version.n} again`,
    },
    body: JSON.stringify(version.flows),
    signal: AbortSignal.timeout(DEPLOY_DEADLINE_MS),
  });
  if (response.ok) return undefined;
  const told = (await response.text()).slice(0, REFUSAL_CHARS_MAX);
  try {
    return String((JSON.parse(told) as { message?: unknown }).message ?? told);
  } catch {
    return told === "" ? `it answered ${response.status}` : told;
  }
}

export function openFlowsDoor(options: FlowsDoorOptions): FlowsDoor {
  const { place, versions } = options;
  const restore: FlowsDoor["restore"] = async (n, by) => {
    const version = await versions.read(n);
    return version === undefined ? "there is no such version" : deploy(place, version, by);
  };
  const life = watchFlows(options);
  const watch = watchDeploys({ ...options, restore });
  const asked = { accepted: 0, clipped: 0, refused: 0 };
  return {
    ...{ place, restore, decided: watch.decided },
    asker: (token) => (isSame(token, place.token) ? ASKER : undefined),
    state: () => life.state,
    heard(beat) {
      life.heard(beat);
      watch.heard(beat);
    },
    async counted({ own, body }, answering) {
      if (own) watch.asks(body);
      const answer = await answering;
      if (answer !== undefined) asked[answer.outcome] += 1;
      if (own && answer !== undefined) watch.answered(answer);
      return answer;
    },
    async compare(n, from) {
      const [after, before] = await Promise.all([versions.read(n), versions.read(from)]);
      return after && before && compareFlows(before.flows, after.flows);
    },
    report: async () => ({
      ...{ state: life.state, since: life.since, asked: { ...asked }, ...watch.report() },
      versions: [...(await versions.list(VERSIONS_SHOWN))],
    }),
    async close() {
      await watch.close();
      await life.close();
    },
  };
}
