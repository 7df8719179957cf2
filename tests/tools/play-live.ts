// Plays a scenario file on a running demo, over the very sockets that devices, control and page use, and looks at what it expects
// once a plant second. What it expects «within» a time may come GRACE_MS later: in a hurried plant each step is a second.
import { setTimeout as wait } from "node:timers/promises";
import type { ApiState } from "@gridwright/contract/api.ts";
import type { GridMode } from "@gridwright/contract/messages.ts";
import type { PaceFrame } from "@gridwright/contract/pace.ts";
import { render } from "@gridwright/contract/render.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import type { Expectation } from "@gridwright/twin/scenario/expectation.ts";
import { isOfPlant } from "@gridwright/twin/scenario/in-plant.ts";
import type { Story, StoryRow } from "@gridwright/twin/scenario/story.ts";
import { clockText } from "@gridwright/twin/scenario/tell.ts";
import { type Onlooker, onlooker } from "./onlooker.ts";
import type { Village } from "./village.ts";

const GRACE_MS = 3_000;
/** Real time in which control's word of a step must have come to the page. */
const WORD_MAX_MS = 3_000;
/** The page turns away who asks too often. */
const LOOK_EVERY_MS = 8;
/** Less than the twin's patience. */
const HOLD_EVERY_MS = 400;

interface Counts {
  readonly moves: number;
  readonly trips: number;
}
interface Said {
  readonly mode?: GridMode;
  readonly alarms: readonly string[];
  readonly why: Readonly<Record<string, string>>;
}
const NOBODY: Said = { alarms: [], why: {} };

interface Pending {
  readonly expectation: Expectation;
  readonly until: number;
  readonly since: Counts;
}

export interface Played {
  readonly checked: number;
  readonly failures: readonly string[];
  readonly trace: readonly string[];
}

/** What becomes of the processes where a file speaks of them; both while the plant stands. */
export interface Machine {
  stop(): void;
  start(): Promise<void>;
}

export interface LiveOptions {
  readonly village: Village;
  readonly machine?: Machine;
}

interface Play {
  readonly village: Village;
  readonly story: Story;
  readonly eyes: Onlooker;
  readonly machine: Machine | undefined;
  readonly names: Readonly<Record<string, string>>;
  readonly trace: string[];
  readonly failures: string[];
  pending: Pending[];
  isRunning: boolean;
  now: number;
  /** Newest step that was looked at, plant ms. */
  seen: number;
  mode: GridMode | undefined;
  alarms: readonly string[];
}

const note = (play: Play, text: string): string => {
  const line = `${clockText(play.now)} ${text}`;
  play.trace.push(line);
  return line;
};

/** What control says of this step, as its page has it. */
async function heard(play: Play, frame: PaceFrame): Promise<Said> {
  if (!play.isRunning) return NOBODY;
  const begun = performance.now();
  let state = await play.village.api<ApiState>("/api/v1/state");
  while ((state.t ?? 0) < frame.t - frame.stepMs && performance.now() - begun < WORD_MAX_MS) {
    await wait(LOOK_EVERY_MS);
    state = await play.village.api<ApiState>("/api/v1/state");
  }
  const wording = { language: "en", names: play.names } as const;
  const why = Object.entries(state.assets).map(([id, { reason }]) => [id, render(reason, wording)]);
  const alarms = state.alarms.map(({ reason }) => render(reason, wording));
  return { mode: state.mode, alarms, why: Object.fromEntries(why) };
}

function tell(play: Play, { mode, alarms }: Said): void {
  if (mode !== play.mode) note(play, `mode ${mode ?? "not running"}`);
  for (const alarm of alarms) if (!play.alarms.includes(alarm)) note(play, `alarm: ${alarm}`);
  for (const alarm of play.alarms) if (!alarms.includes(alarm)) note(play, `over: ${alarm}`);
  play.mode = mode;
  play.alarms = alarms;
}

type Happening = StoryRow["happens"][number];

async function happen(play: Play, { text, event }: Happening): Promise<void> {
  note(play, `▶ ${text}`);
  if (isOfPlant(event)) {
    const { error } = await play.eyes.ask<{ error?: string }>({ happens: [text], names: play.story.names });
    if (error !== undefined) throw new Error(error);
    return;
  }
  // The answer comes with a step, so the plant goes on meanwhile.
  if (event.kind === "request")
    return void play.village.ask(event.body).catch((error: unknown) => note(play, String(error)));
  if (event.kind !== "processes" || play.machine === undefined)
    throw new Error(`«${text}» cannot be played over sockets`);
  const { machine } = play;
  if (event.run) await machine.start();
  else machine.stop();
  play.isRunning = event.run;
}

async function begin(play: Play, row: StoryRow): Promise<void> {
  if (row.story !== undefined) note(play, row.story);
  for (const one of row.happens) await happen(play, one);
  const { moves, trips } = await play.eyes.ask<Counts>({ expects: [], names: {}, said: NOBODY });
  for (const expectation of row.expects) {
    const grace = expectation.when === "within" ? GRACE_MS : 0;
    play.pending.push({ expectation, until: play.now + expectation.lasts + grace, since: { moves, trips } });
  }
}

async function judge(play: Play, said: Said): Promise<void> {
  const expects = play.pending.map(({ expectation: { text }, since }) => ({ text, since }));
  const { seen } = await play.eyes.ask<{ seen: readonly (string | null)[] }>({
    ...{ expects, said, names: play.story.names },
  });
  play.pending = play.pending.filter(({ expectation: { text, when }, until }, place) => {
    const instead = seen[place] ?? null;
    const ends = play.now >= until;
    if (instead === null && when === "for" && !ends) return true;
    if (instead !== null && when === "within" && !ends) return true;
    if (instead === null) note(play, `✔ ${text}`);
    else play.failures.push(note(play, `✖ ${text}; seen: ${instead}`));
    return false;
  });
}

async function playRows(play: Play): Promise<void> {
  const rows = [...play.story.rows];
  let origin: number | undefined;
  while (rows.length > 0 || play.pending.length > 0) {
    const frame = await play.eyes.frame();
    origin ??= frame.m;
    play.now = frame.m - origin;
    const said = await heard(play, frame);
    tell(play, said);
    // What is expected until now ends before what happens now.
    await judge(play, said);
    for (let row = rows[0]; row !== undefined && row.at <= play.now; row = rows[0]) {
      rows.shift();
      await begin(play, row);
    }
    play.seen = frame.m;
    play.eyes.done(frame.m);
  }
}

/** Plays the whole file, from the village's present on. */
export async function playLive(story: Story, { village, machine }: LiveOptions): Promise<Played> {
  const eyes = await onlooker(village.processes().twin.ports.pace ?? 0);
  const play: Play = {
    ...{
      village,
      story,
      eyes,
      machine,
      names: assetNames(story.model),
      trace: [],
      failures: [],
      pending: [],
    },
    ...{ isRunning: true, now: 0, seen: 0, mode: undefined, alarms: [] },
  };
  // Said again and again: however long a look takes, the plant does not run away meanwhile.
  const waits = setInterval(() => eyes.done(play.seen), HOLD_EVERY_MS);
  await playRows(play).finally(() => {
    clearInterval(waits);
    eyes.close();
  });
  const checked = story.rows.reduce((sum, { expects }) => sum + expects.length, 0);
  return { checked, failures: play.failures, trace: play.trace };
}
