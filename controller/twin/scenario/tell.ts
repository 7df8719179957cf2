// Puts what happened in a scenario into lines for a terminal or a test's message: minute and second, then what was told,
// what the controller did and why, and each expectation as it was met or missed. Plain text; colour is the terminal's.
import type { StoryRun, TraceKind, TraceLine } from "./run.ts";

const MARKS: Readonly<Record<TraceKind, string>> = {
  story: "",
  happens: "▶",
  decision: "·",
  answer: "›",
  alarm: "!",
  "alarm-over": "○",
  mode: "≈",
  trip: "⚡",
  holds: "✔",
  fails: "✖",
};

/** `02:10`, or `1:02:10` from an hour on. */
export function clockText(ms: number): string {
  const total = Math.floor(ms / 1_000);
  const [hours, minutes, seconds] = [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${hours > 0 ? `${hours}:` : ""}${two(minutes)}:${two(seconds)}`;
}

/** One line of what happened. */
export function lineOf({ at, kind, text }: TraceLine): string {
  const mark = MARKS[kind];
  const over = kind === "alarm-over" ? "over: " : kind === "mode" ? "mode " : "";
  return `${clockText(at).padStart(7)}  ${mark === "" ? "" : `${mark} `}${over}${text}`;
}

/** The whole run, and how it ended. */
export function tellRun(run: StoryRun): string {
  const failed = run.failures.length;
  const end =
    failed === 0
      ? `All ${run.checked} expectations were met.`
      : `${failed} of ${run.checked} expectations were not met:\n${run.failures.map(lineOf).join("\n")}`;
  return `${run.trace.map(lineOf).join("\n")}\n\n${end}`;
}
