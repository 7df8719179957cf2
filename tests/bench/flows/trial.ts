// How long a trial of flows takes on the machine that runs the site beside it, begun as the editor begins it.
import { setTimeout as wait } from "node:timers/promises";
import type { Trial } from "@gridwright/contract/api-trials.ts";
import { type Editor, type Flow, SITE } from "../../flows/editor.ts";
import { plain, table } from "../figures.ts";

const LOOK_EVERY_MS = 500;
const GOAL_S = 180;
const DOOR = "/api/v1/flows/trials";

/** Asks for the printer to stand each twenty minutes. */
const asks = (name: string): readonly Flow[] => [
  { id: "tr1", type: "tab", label: name },
  {
    ...{ id: "tr2", type: "inject", z: "tr1", name, props: [{ p: "payload" }], payload: "false" },
    ...{ payloadType: "bool", repeat: "1200", once: true, onceDelay: "1", x: 100, y: 80, wires: [["tr3"]] },
  },
  {
    ...{ id: "tr3", type: "gridwright-request", z: "tr1", name, site: SITE.id, asset: "printer-1" },
    ...{ wish: "payload", ttl: "10", reason: "a measurement", x: 300, y: 80, wires: [[]] },
  },
];

interface Took {
  readonly seconds: number;
  readonly stalledS: number;
  readonly requests: number;
}

async function tried(editor: Editor, flows: readonly Flow[], hours: number): Promise<Took> {
  const begun = performance.now();
  const body = JSON.stringify({ flows, weather: "mixed", hours });
  const answer = await editor.ask(DOOR, { method: "POST", body });
  const { id } = (await answer.json()) as { id: string };
  for (;;) {
    const trial = (await (await editor.ask(`${DOOR}/${id}`)).json()) as Trial;
    if (trial.state === "failed") throw new Error(trial.why?.en);
    if (trial.state === "done" && trial.after !== null) {
      const { process, requests } = trial.after;
      return {
        seconds: (performance.now() - begun) / 1_000,
        stalledS: process.stalledMs / 1_000,
        requests: requests.reduce((sum, { n }) => sum + n, 0),
      };
    }
    await wait(LOOK_EVERY_MS);
  }
}

export async function measureTrial(editor: Editor, hours: number): Promise<string> {
  const { flows } = await editor.now();
  const first = await tried(editor, [...flows, ...asks("first")], hours);
  const second = await tried(editor, [...flows, ...asks("second")], hours);
  const row = (name: string, { seconds, stalledS, requests }: Took): string[] => [
    name,
    plain(seconds, 0),
    plain((hours * 3_600) / seconds, 0),
    plain(stalledS, 1),
    `${requests}`,
  ];
  const rows = [
    row("the first, with what runs now beside it", first),
    row("the next one of the same hour: what runs now is known", second),
  ];
  return `${table([`a trial of ${hours} h`, "s", "times faster than life", "waited for flows, s", "requests"], rows)}

Goal: a day in ≤ ${GOAL_S} s; the first took ${plain(first.seconds, 0)} s${hours === 24 ? `: ${first.seconds <= GOAL_S ? "met" : "missed"}` : ` for ${hours} h`}.`;
}
