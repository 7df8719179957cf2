// Plays a scenario file on the stage and watches its expectations. Gives back everything that happened, in order, and
// what did not come as it must: a value, so that a terminal, a test and a page can each tell it in their way.
import { settingText } from "@gridwright/contract/explain/explain.ts";
import { render } from "@gridwright/contract/render.ts";
import type { Request } from "@gridwright/contract/request.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { type PlantWorld, plantMs } from "../plant/world.ts";
import type { Expectation, Sight } from "./expectation.ts";
import { type Asked, happen } from "./happen.ts";
import { countsOf } from "./in-plant.ts";
import { advance, type Brain, type Stage, setStage } from "./stage.ts";
import type { Story, StoryRow } from "./story.ts";

export type TraceKind =
  | "story"
  | "happens"
  | "decision"
  | "answer"
  | "alarm"
  | "alarm-over"
  | "mode"
  | "trip"
  | "holds"
  | "fails";

export interface TraceLine {
  /** ms after the start. */
  readonly at: number;
  readonly kind: TraceKind;
  readonly text: string;
}

export interface StoryRun {
  readonly trace: readonly TraceLine[];
  readonly failures: readonly TraceLine[];
  /** Expectations that were checked. */
  readonly checked: number;
  readonly world: PlantWorld;
}

/** The fast meter's period; so fine while something happens or a phase is above its rating. */
const FINE_MS = 200;
const CALM_MS = 1_000;
const FINE_FOR_MS = 60_000;
/** A scenario is played one tick beyond its last expectation. */
const TAIL_MS = 1_000;

interface Pending {
  readonly expectation: Expectation;
  readonly until: number;
  readonly first: Sight;
}

interface Play {
  readonly story: Story;
  readonly stage: Stage;
  readonly trace: TraceLine[];
  readonly failures: TraceLine[];
  readonly names: Readonly<Record<string, string>>;
  pending: Pending[];
  alarms: ReadonlyMap<string, string>;
  mode: string;
  trips: number;
  answers: string[];
  asked: Request[];
}

const sentence = (play: Play, reason: Parameters<typeof render>[0]): string =>
  render(reason, { language: "en", names: play.names });

function note(play: Play, kind: TraceKind, text: string): TraceLine {
  const line = { at: plantMs(play.stage.world), kind, text };
  play.trace.push(line);
  return line;
}

function sightOf(play: Play): Sight {
  const { stage } = play;
  const { said, world } = stage;
  return {
    world,
    mode: said?.mode,
    alarms: [...play.alarms.values()],
    ...countsOf(world),
    answers: play.answers,
    why: (load) => {
      const status = said?.status[load];
      return status === undefined ? undefined : sentence(play, status.reason);
    },
    wanted: (load) => {
      const status = said?.status[load];
      return status && { on: status.wanted, until: sentence(play, status.until) };
    },
  };
}

function ask(play: Play, request: Asked): void {
  const seq = play.asked.length + play.answers.length + 1;
  play.asked.push({ ...request, id: `request-${seq}`, seq });
}

function begin(play: Play, row: StoryRow): void {
  if (row.story !== undefined) note(play, "story", row.story);
  for (const { text, event } of row.happens) {
    note(play, "happens", text);
    const request = happen(play.stage, event);
    if (request !== undefined) ask(play, request);
  }
  const first = sightOf(play);
  for (const expectation of row.expects)
    play.pending.push({ expectation, until: row.at + expectation.lasts, first });
}

function tellDecisions(play: Play): void {
  const { said } = play.stage;
  for (const { asset, set, reason } of said?.decisions ?? []) {
    const how = settingText(set, { language: "en" });
    note(play, "decision", `${play.names[asset] ?? asset} ${how}: ${sentence(play, reason)}`);
  }
  for (const { issuer, reason } of said?.answers ?? []) {
    const answer = `${issuer}: ${sentence(play, reason)}`;
    play.answers.push(answer);
    note(play, "answer", answer);
  }
}

function tellAlarms(play: Play): void {
  const alarms = new Map(
    (play.stage.said?.conditions ?? []).map(({ id, reason }) => [id, sentence(play, reason)]),
  );
  for (const [id, text] of alarms) if (!play.alarms.has(id)) note(play, "alarm", text);
  for (const [id, text] of play.alarms) if (!alarms.has(id)) note(play, "alarm-over", text);
  play.alarms = alarms;
}

/** What the controller said in this tick, and what became of the plant. */
function tell(play: Play): void {
  const { said, world } = play.stage;
  tellDecisions(play);
  tellAlarms(play);
  const mode = said?.mode ?? "no controller";
  if (mode !== play.mode) note(play, "mode", mode);
  play.mode = mode;
  if (world.inverter.trips > play.trips) note(play, "trip", "the inverter trips");
  play.trips = world.inverter.trips;
}

/** Looks at each pending expectation; what is settled leaves the list. */
function judge(play: Play): void {
  const now = plantMs(play.stage.world);
  const sight = sightOf(play);
  play.pending = play.pending.filter(({ expectation, until, first }) => {
    const { text, when } = expectation;
    const seen = expectation.test(sight, first);
    const ends = now >= until;
    if (seen === undefined && when === "for" && !ends) return true;
    if (seen !== undefined && when === "within" && !ends) return true;
    if (seen === undefined) note(play, "holds", text);
    else play.failures.push(note(play, "fails", `${text}; seen: ${seen}`));
    return false;
  });
}

function tickOf({ stage: { world } }: Play, lastRow: number): number {
  const strained = world.phases.some(({ inverterVa }) => inverterVa > world.inverter.phaseRating);
  return strained || plantMs(world) - lastRow < FINE_FOR_MS ? FINE_MS : CALM_MS;
}

/** Plays the whole story; `brain` stands in for the real one where a test wants to see it fail. */
export function playStory(story: Story, brain?: Brain): StoryRun {
  const { model, scenario, rows } = story;
  const stage = setStage({ model, scenario, seed: scenario.seed, start: epoch(story.start) }, brain);
  const names = assetNames(model);
  const play: Play = {
    ...{ story, stage, names, trace: [], failures: [], pending: [], alarms: new Map(), mode: "", trips: 0 },
    ...{ answers: [], asked: [] },
  };
  const expects = rows.flatMap(({ at, expects: list }) => list.map(({ lasts }) => at + lasts));
  const end = Math.max(...expects, ...rows.map(({ at }) => at)) + TAIL_MS;
  let next = 0;
  for (let now = 0; now < end; now = plantMs(stage.world)) {
    for (let row = rows[next]; row !== undefined && row.at <= now; row = rows[next]) {
      begin(play, row);
      next += 1;
    }
    advance(stage, tickOf(play, rows[next - 1]?.at ?? 0), play.asked.splice(0));
    tell(play);
    judge(play);
  }
  return { trace: play.trace, failures: play.failures, checked: expects.length, world: stage.world };
}
