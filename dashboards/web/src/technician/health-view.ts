// How the controller itself does, in words: lateness, memory, what is written to the card, journal, history, databases, plan.
import type { Processes } from "@gridwright/contract/api-past.ts";
import { html, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import type { Told } from "../people/asking.ts";
import { trustText } from "../plan/plan.ts";
import { bytesText } from "../text/numbers.ts";
import { type Tell, tellIn } from "../view/words.ts";

/** What of GET /health is shown. */
export interface Health {
  readonly streams: number;
  readonly recorder: {
    readonly history: { readonly trouble: unknown };
    readonly influx: readonly {
      readonly url: string;
      readonly database: string;
      readonly trouble: unknown;
    }[];
  } | null;
}

interface Facts {
  readonly processes: Told<Processes>;
  readonly health: Told<Health>;
}

type Line = readonly [name: string, text: string];

function processLines({ control, services, writtenPerDay }: Processes, tell: Tell, context: Context): Line[] {
  const { language } = context;
  const ms = (value: number): string => value.toLocaleString(language, { maximumFractionDigits: 0 });
  const spread = ({ p50, max }: { readonly p50: number; readonly max: number }): string =>
    tell("tech-late-of", { p50: ms(p50), max: ms(max) });
  const bytes = (value: number | null): string =>
    value === null ? tell("tech-unknown") : bytesText(value, language);
  const both = (own: number | null, other: number): Readonly<Record<string, string>> => ({
    control: own === null ? tell("tech-unknown") : bytesText(own, language),
    services: bytesText(other, language),
  });
  const perDay = { control: bytes(writtenPerDay.control), services: bytes(writtenPerDay.services) };
  const since = both(control?.diskWrittenBytes ?? null, services.diskWrittenBytes);
  const memory = tell("tech-memory-of", both(control?.memoryBytes ?? null, services.memoryBytes));
  const known = writtenPerDay.control !== null || writtenPerDay.services !== null;
  const card = `${known ? tell("tech-card-of", perDay) : tell("tech-card-soon")}; ${tell("tech-card-since", since)}`;
  const lines: Line[] = [
    [tell("tech-card"), card],
    [tell("tech-memory"), memory],
  ];
  if (control === null) return [[tell("tech-late"), tell("tech-unknown")], ...lines];
  const { merged, refused, failing } = control.journal;
  const lost = tell("tech-journal-lost", { merged: String(merged), refused: String(refused) });
  const state = tell(failing ? "tech-journal-failing" : "tech-journal-ok");
  return [
    [tell("tech-late"), spread(control.latenessMs)],
    [tell("tech-tick"), spread(control.tickMs)],
    ...lines,
    [tell("tech-journal"), merged + refused === 0 ? state : `${state}; ${lost}`],
  ];
}

function healthLines({ streams, recorder }: Health, tell: Tell): readonly Line[] {
  const history: readonly Line[] =
    recorder === null
      ? []
      : [
          [
            tell("tech-history"),
            tell(recorder.history.trouble === null ? "tech-history-ok" : "tech-history-failing"),
          ],
          ...recorder.influx.map(
            ({ url, database, trouble }): Line => [
              `${tell("tech-database")} ${url} ${database}`,
              tell(trouble === null ? "tech-database-ok" : "tech-database-failing"),
            ],
          ),
        ];
  return [...history, [tell("tech-open-pages"), String(streams)]];
}

export function healthView({ processes, health }: Facts, context: Context): TemplateResult {
  const { plan, say, language, clock, plant: now } = context;
  const tell = tellIn(language);
  const trust = plan === undefined ? tell("tech-unknown") : trustText(plan, { say, language, clock, now });
  const failed = (why: string): Line => ["", tell("tech-failed", { why })];
  const lines: readonly Line[] = [
    ...(processes.ok ? processLines(processes.data, tell, context) : [failed(processes.detail)]),
    ...(health.ok ? healthLines(health.data, tell) : [failed(health.detail)]),
    [tell("tech-plan"), trust === "" ? tell("tech-unknown") : trust],
  ];
  return html`<dl class="facts">
    ${lines.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}
  </dl>`;
}
