// `gridwright scenario`: plays a scenario file on the simulated plant with the real brain, prints the story as it goes,
// and says whether everything came as the file expects. Touches no device and no socket.
import { styleText } from "node:util";
import { playStory, type StoryRun, type TraceKind } from "@gridwright/twin/scenario/run.ts";
import { lineOf, tellRun } from "@gridwright/twin/scenario/tell.ts";
import type { Command } from "commander";
import { loadStory } from "../load-story.ts";

type Style = Parameters<typeof styleText>[0];
const STYLES: Partial<Record<TraceKind, Style>> = {
  happens: "bold",
  decision: "cyan",
  alarm: "yellow",
  trip: "red",
  holds: "green",
  fails: "red",
};

const WIDTH = 96;

/** Text broken at spaces so that it can be read in any terminal. */
function paragraph(text: string): string {
  const lines: string[] = [""];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

function print(run: StoryRun, write: (line: string) => void): void {
  for (const line of run.trace) {
    const style = STYLES[line.kind];
    write(style === undefined ? lineOf(line) : styleText(style, lineOf(line)));
  }
  write(`\n${tellRun({ ...run, trace: [] }).trim()}`);
}

/** Plays one file; returns the exit code: 0 when every expectation was met. */
export function playScenario(
  file: string,
  { json, write }: { readonly json: boolean; readonly write: (line: string) => void },
): number {
  const story = loadStory(file);
  if (!json) write(`${styleText("bold", story.title)}\n\n${paragraph(story.about)}\n`);
  const { trace, failures, checked, ...run } = playStory(story);
  if (json) write(JSON.stringify({ file, ok: failures.length === 0, checked, failures, trace }, null, 2));
  else print({ trace, failures, checked, ...run }, write);
  return failures.length === 0 ? 0 : 1;
}

/** Adds the command; `write` prints a line. */
export function addScenarioCommand(program: Command, write: (line: string) => void): void {
  program
    .command("scenario")
    .description("play a scenario file on the simulated plant and check what it expects (docs/scenarios.md)")
    .argument("<scenario.yaml>")
    .option("--json", "one JSON object instead of the story")
    .action((file: string, { json = false }: { readonly json?: boolean }) => {
      process.exitCode = playScenario(file, { json, write });
    });
}
