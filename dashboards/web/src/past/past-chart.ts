// Draws the curves of the past with uPlot: power and charge of a day as lines, energy of days or months as bars for sun and
// use and lines for the rest. Colours are the page's own; what it shows stands as numbers beside it too.
import type { Language } from "@gridwright/contract/reasons.ts";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { energyText, powerText, shareText } from "../text/numbers.ts";
import type { Curve, Line } from "./past.ts";

const COLOURS: Readonly<Record<Curve, string>> = {
  ...{ sun: "--sun", used: "--ink", grid: "--good", diesel: "--need", charge: "--store" },
};
const HEIGHT_PX = 240;
const LEAST_PX = 240;
const BAR_SHARE = 0.4;
/** Less than this is not drawn as much. */
const LEAST_WH = 100;

export interface Drawing {
  /** ms since 1970 UTC. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly bars: boolean;
  readonly name: (curve: Curve) => string;
  readonly tick: (at: number) => string;
  /** The word for the time. */
  readonly when: string;
  readonly language: Language;
}

export interface Drawn {
  destroy(): void;
}

/** Sun stands on the one side of its time, use on the other. */
function pathsOf(curve: Curve, bars: boolean): uPlot.Series.PathBuilder | undefined {
  const side = curve === "sun" ? -1 : curve === "used" ? 1 : undefined;
  if (!bars || side === undefined) return undefined;
  return uPlot.paths.bars?.({ size: [BAR_SHARE], align: side });
}

function seriesOf({ bars, name, language }: Drawing, curve: Curve, colour: string): uPlot.Series {
  const paths = pathsOf(curve, bars);
  const text = (value: number): string => {
    if (curve === "charge") return shareText(value, language);
    return bars ? energyText(value, language) : `${value < 0 ? "−" : ""}${powerText(value, language)}`;
  };
  return {
    label: name(curve),
    scale: curve === "charge" ? "share" : "amount",
    stroke: colour,
    width: 2,
    spanGaps: false,
    points: { show: bars && paths === undefined },
    value: (_, value) => (value === null ? "—" : text(value)),
    ...(paths && { paths, fill: colour }),
  };
}

function axesOf({ bars, tick, lines, language }: Drawing, soft: string): uPlot.Axis[] {
  const look = { stroke: soft, grid: { stroke: soft, width: 0.2 }, ticks: { show: false } };
  const amount = (value: number): string =>
    bars ? energyText(Math.abs(value), language) : powerText(value, language);
  return [
    { ...look, values: (_, splits) => splits.map((at) => tick(at * 1_000)) },
    { ...look, scale: "amount", size: 64, values: (_, splits) => splits.map(amount) },
    ...(lines.some(({ curve }) => curve === "charge")
      ? [
          {
            ...look,
            ...{ scale: "share", side: 1 as const, size: 48, grid: { show: false } },
            values: (_: uPlot, splits: number[]) => splits.map((share) => shareText(share, language)),
          },
        ]
      : []),
  ];
}

/** Draws into `place`, as wide as that is; `destroy` takes it away again. */
export function drawPast(place: HTMLElement, drawing: Drawing): Drawn {
  const style = getComputedStyle(place);
  const colour = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  const { times, lines } = drawing;
  const width = (): number => Math.max(LEAST_PX, place.clientWidth);
  const chart = new uPlot(
    {
      width: width(),
      height: HEIGHT_PX,
      scales: {
        share: { range: [0, 1] },
        ...(drawing.bars && { amount: { range: (_, __, most) => [0, Math.max(LEAST_WH, most * 1.05)] } }),
      },
      series: [
        { value: (_, at) => (at === null ? "—" : drawing.tick(at * 1_000)), label: drawing.when },
        ...lines.map(({ curve }) => seriesOf(drawing, curve, colour(COLOURS[curve]))),
      ],
      axes: axesOf(drawing, colour("--soft")),
    },
    [times.map((at) => at / 1_000), ...lines.map(({ values }) => [...values])],
    place,
  );
  const watch = new ResizeObserver(() => chart.setSize({ width: width(), height: HEIGHT_PX }));
  watch.observe(place);
  return {
    destroy() {
      watch.disconnect();
      chart.destroy();
    },
  };
}
