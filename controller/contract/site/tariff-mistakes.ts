// Mistakes of a tariff that only show between its lines: a time for which none holds, a line that never counts.
import type { Mistake } from "./model.ts";
import type { Site } from "./site.ts";
import { lineAt, type PriceLine, type WeekMinute } from "./tariff.ts";
import { WEEKDAYS } from "./workshop.ts";

/** Every minute of the week at which another line may begin to count. */
function turns(lines: readonly PriceLine[]): WeekMinute[] {
  const times = [...new Set(["00:00", ...lines.flatMap(({ from, to }) => [from, to])])].sort();
  return WEEKDAYS.flatMap((_, day) => times.map((time) => ({ day, time })));
}

function lineMistakes(lines: readonly PriceLine[]): [path: (string | number)[], message: string][] {
  const all = turns(lines);
  const first = all.map((at) => lineAt(lines, at));
  const open = all[first.indexOf(-1)];
  const idle = lines.flatMap((_, index): [(string | number)[], string][] =>
    first.includes(index)
      ? []
      : [[[index], "never counts: lines above it hold at all its hours; move it up"]],
  );
  if (open === undefined) return idle;
  const when = `${WEEKDAYS[open.day]} ${open.time}`;
  return [...idle, [[], `says no price for ${when}; end the list with a line of a price alone`]];
}

export function tariffMistakes({ assets }: Site): Mistake[] {
  return Object.entries(assets).flatMap(([id, spec]) => {
    if (spec.kind !== "grid") return [];
    return (["import", "export"] as const).flatMap((way) => {
      const prices = spec.tariff?.[way];
      if (prices === undefined || typeof prices === "number") return [];
      return lineMistakes(prices).map(([path, message]) => ({
        path: ["assets", id, "tariff", way, ...path],
        message,
      }));
    });
  });
}
