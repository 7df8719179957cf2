// The flow picture: sources left and above, sinks right, the battery below, moving dashes for what flows. Direction is
// also an arrow and a word, so that nothing depends on colour or movement.
import { html, nothing, svg, type TemplateResult } from "lit";
import type { Context } from "../context.ts";
import { strokes } from "../icons.ts";
import type { Measure } from "../live/measure.ts";
import { ageText, powerText, shareText } from "../text/numbers.ts";
import { type FlowNode, flowOf, type Role } from "./flow.ts";

interface Spot {
  readonly x: number;
  readonly y: number;
}
const HUB: Spot = { x: 180, y: 160 };
const RADIUS = 27;
const SOURCES: Readonly<Record<"sun" | "grid" | "battery" | "diesel", Spot>> = {
  sun: { x: 180, y: 36 },
  grid: { x: 60, y: 100 },
  diesel: { x: 60, y: 226 },
  battery: { x: 180, y: 272 },
};
/** Places of sinks by their number. */
const SINKS: readonly (readonly Spot[])[] = [
  [],
  [{ x: 300, y: 160 }],
  [
    { x: 300, y: 100 },
    { x: 300, y: 226 },
  ],
  [
    { x: 300, y: 50 },
    { x: 300, y: 162 },
    { x: 300, y: 270 },
  ],
];

const isSink = (role: Role): boolean => role === "homes" || role === "workshop";

function powerWords(measure: Measure, { say, language, now }: Context): readonly string[] {
  const power = powerText(measure.value, language);
  switch (measure.belief) {
    case "none":
      return [say("flow-no-value")];
    case "part":
      return [say("flow-at-least", { power })];
    case "old":
      return measure.t === undefined
        ? [power, say("old")]
        : [power, say("flow-age", { ago: ageText(now - measure.t, language) })];
    case "fresh":
      return [power];
    default:
      return measure.belief satisfies never;
  }
}

const joinWord = (power: readonly string[], word: string): readonly string[] =>
  power.length > 1 ? power : [...power, word];

function gridWords(node: FlowNode, context: Context): readonly string[] {
  const { say } = context;
  if (node.there === false) return [say("flow-no-grid")];
  const word = { from: "flow-importing", to: "flow-exporting", still: "flow-idle" } as const;
  return joinWord(powerWords(node.power, context), say(word[node.direction]));
}

function batteryWords(node: FlowNode, context: Context): readonly string[] {
  const { say, language } = context;
  const soc =
    node.soc === undefined || node.soc.belief === "none" ? "? %" : shareText(node.soc.value, language);
  const word = { from: "flow-discharging", to: "flow-charging", still: "flow-idle" } as const;
  const [power = "", age] = powerWords(node.power, context);
  return [`${soc} · ${power}`, age ?? (node.power.belief === "none" ? "" : say(word[node.direction]))];
}

function dieselWords(node: FlowNode, context: Context): readonly string[] {
  const { say } = context;
  if (node.there === undefined) return [say("flow-no-value")];
  if (!node.there) return [say("flow-stopped")];
  return node.power.belief === "none" ? [say("flow-running")] : powerWords(node.power, context);
}

/** One or two lines under a node. */
export function wordsOf(node: FlowNode, context: Context): readonly string[] {
  switch (node.role) {
    case "grid":
      return gridWords(node, context);
    case "battery":
      return batteryWords(node, context);
    case "diesel":
      return dieselWords(node, context);
    default:
      return node.reckoned === true
        ? joinWord(powerWords(node.power, context), context.say("flow-reckoned"))
        : powerWords(node.power, context);
  }
}

export const labelOf = ({ role, name }: FlowNode, { say }: Context): string => {
  if (name !== undefined) return name;
  return role === "homes" || role === "workshop" ? say("flow-rest") : say(`flow-${role}`);
};

const LABEL_MAX = 17;
const clipped = (label: string): string =>
  label.length > LABEL_MAX ? `${label.slice(0, LABEL_MAX - 1).trimEnd()}…` : label;

/** The line between hub and node without the parts under the circles, in the direction of the flow. */
function lineOf(spot: Spot, towards: boolean): string {
  const length = Math.hypot(spot.x - HUB.x, spot.y - HUB.y);
  const at = (from: number): string => {
    const share = from / length;
    return `${(HUB.x + (spot.x - HUB.x) * share).toFixed(1)} ${(HUB.y + (spot.y - HUB.y) * share).toFixed(1)}`;
  };
  const [near, far] = [at(19), at(length - RADIUS - 3)];
  return towards ? `M${near} L${far}` : `M${far} L${near}`;
}

/** Slow below 1 kW, fast from 4 kW on. */
function pace(watts: number): "slow" | "middle" | "fast" {
  const size = Math.abs(watts);
  if (size < 1_000) return "slow";
  return size < 4_000 ? "middle" : "fast";
}

function lineView({ direction, power, role, there }: FlowNode, spot: Spot) {
  const gone = there === false ? " gone" : "";
  if (direction === "still") return svg`<path class="wire${gone}" d=${lineOf(spot, true)}></path>`;
  const towards = direction === "to";
  const old = power.belief === "fresh" || role === "diesel" ? "" : " is-old";
  const middle = { x: (HUB.x + spot.x) / 2, y: (HUB.y + spot.y) / 2 };
  const angle = (Math.atan2(spot.y - HUB.y, spot.x - HUB.x) * 180) / Math.PI + (towards ? 0 : 180);
  return svg`<path class="wire" d=${lineOf(spot, towards)}></path>
    <path class="stream ${pace(power.value)}${old}" d=${lineOf(spot, towards)}></path>
    <path class="arrow role-${role}${old}" d="M-6 -7 L7 0 L-6 7z"
      transform="translate(${middle.x.toFixed(1)} ${middle.y.toFixed(1)}) rotate(${angle.toFixed(1)})"></path>`;
}

function nodeView(node: FlowNode, spot: Spot, context: Context) {
  const [first = "", second = ""] = wordsOf(node, context);
  const off = node.there === false || (node.role === "diesel" && node.there !== true);
  const unsure = node.role === "diesel" ? node.there === undefined : node.power.belief !== "fresh";
  const beside = node.role === "sun";
  const at = beside
    ? { x: RADIUS + 10, y: [-6, 12, 27] }
    : { x: 0, y: [RADIUS + 15, RADIUS + 32, RADIUS + 47] };
  const cross = node.role === "grid" && node.there === false;
  const soc = node.soc === undefined || node.soc.belief === "none" ? undefined : node.soc.value;
  return svg`<g class="node role-${node.role}${off ? " gone" : ""}${unsure && !off ? " unsure" : ""}${beside ? " beside" : ""}" transform="translate(${spot.x} ${spot.y})">
    <circle class="disc" r=${RADIUS}></circle>
    ${soc === undefined ? nothing : svg`<circle class="ring" r=${RADIUS} pathLength="100" stroke-dasharray="${Math.round(soc * 100)} 100" transform="rotate(-90)"></circle>`}
    <g class="glyph" transform="translate(-13 -13) scale(1.083)">${strokes(node.role)}</g>
    ${cross ? svg`<path class="cross" d="M-19 19 19 -19"></path>` : nothing}
    <text class="label" x=${at.x} y=${at.y[0]}>${clipped(labelOf(node, context))}</text>
    <text class="value" x=${at.x} y=${at.y[1]}>${first}</text>
    <text class="word" x=${at.x} y=${at.y[2]}>${second}</text>
  </g>`;
}

const places = (nodes: readonly FlowNode[]): readonly (readonly [FlowNode, Spot])[] => {
  const sinks = nodes.filter(({ role }) => isSink(role));
  return nodes.flatMap((node) => {
    const spot =
      node.role === "homes" || node.role === "workshop"
        ? SINKS[sinks.length]?.[sinks.indexOf(node)]
        : SOURCES[node.role];
    return spot === undefined ? [] : [[node, spot] as const];
  });
};

export function flowView(context: Context): TemplateResult {
  const { say } = context;
  const placed = places(flowOf(context.known));
  return html`<section class="card flow" aria-labelledby="flow">
    <h2 id="flow">${say("flow")}</h2>
    <svg class="picture" viewBox="0 0 360 352" aria-hidden="true" focusable="false">
      ${placed.map(([node, spot]) => lineView(node, spot))}
      <circle class="hub" cx=${HUB.x} cy=${HUB.y} r="15"></circle>
      <path class="hub-glyph" d="M${HUB.x + 2} ${HUB.y - 9}l-7 10h5l-2 8 7-10h-5z"></path>
      ${placed.map(([node, spot]) => nodeView(node, spot, context))}
    </svg>
    <ul class="for-readers">
      ${placed.map(([node]) => html`<li>${labelOf(node, context)}: ${wordsOf(node, context).filter(Boolean).join(", ")}</li>`)}
    </ul>
  </section>`;
}
