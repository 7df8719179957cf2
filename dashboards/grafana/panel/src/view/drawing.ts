// Where the parts of the picture stand, and the strokes of their icons on a field of 24 × 24. All lengths are of the picture's
// own field, which grows and shrinks with the panel.
import type { Place } from "../plant.ts";

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export const HUB_RADIUS = 15;
export const RADIUS = 28;
/** Between two lines of words. */
export const LINE = 16;

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly hub: Spot;
  readonly spots: Readonly<Record<Place, Spot>>;
}

/** Sources on the left and above, the store below, what takes on the right. */
const sceneOf = (width: number, margin: number): Scene => ({
  ...{ width, height: 396, hub: { x: width / 2, y: 172 } },
  spots: {
    sun: { x: width / 2, y: 34 },
    grid: { x: margin, y: 104 },
    generator: { x: margin, y: 240 },
    battery: { x: width / 2, y: 290 },
    loads: { x: width - margin, y: 104 },
    machines: { x: width - margin, y: 240 },
  },
});
/** For a phone the same is narrower, so that its words stay legible. */
export const SCENES = { wide: sceneOf(400, 66), narrow: sceneOf(300, 50) } as const;

export const STROKES: Readonly<Record<Place, string>> = {
  sun: "M12 8a4 4 0 1 0 .01 0M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  battery:
    "M4 8h14a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM21.5 10.5v3M7 11v2M11 11v2",
  grid: "M7.5 22 12 2l4.500 20M6 7h12M5 12h14M9 15l6 5M15 15l-6 5",
  generator: "M4 8h12v9H4zM7 8V5h5v3M16 11h4v3h-4M6 17v2.500M14 17v2.500M10.500 10l-2 3h3l-2 2.500",
  loads: "M3 12l9-8 9 8M6 10v10h12V10M10 20v-6h4v6",
  machines: "M12 3l7.800 4.500v9L12 21l-7.800-4.500v-9zM12 8.500a3.500 3.500 0 1 0 .01 0",
};

/** Part and middle of a picture. */
interface Ends {
  readonly spot: Spot;
  readonly hub: Spot;
}

/** The wire between the middle and a part, without what lies under their circles, in the direction of the flow. */
export function wireOf({ spot, hub }: Ends, inward: boolean): string {
  const reach = Math.hypot(spot.x - hub.x, spot.y - hub.y);
  const [near, far] = [HUB_RADIUS + 4, reach - RADIUS - 4].map((length) => {
    const share = length / reach;
    return `${(hub.x + share * (spot.x - hub.x)).toFixed(1)} ${(hub.y + share * (spot.y - hub.y)).toFixed(1)}`;
  });
  return inward ? `M${far} L${near}` : `M${near} L${far}`;
}

/** Puts an arrow that points to the right half-way on the wire, in the direction of the flow. */
export function arrowAt({ spot, hub }: Ends, inward: boolean): string {
  const degrees = (Math.atan2(spot.y - hub.y, spot.x - hub.x) * 180) / Math.PI + (inward ? 180 : 0);
  return `translate(${(hub.x + spot.x) / 2} ${(hub.y + spot.y) / 2}) rotate(${degrees.toFixed(1)})`;
}

/** W from which a stream is of middle pace, and from which it is fast. */
const MIDDLE_W = 1_000;
const FAST_W = 4_000;

export function paceOf(watts: number): "slow" | "middle" | "fast" {
  const size = Math.abs(watts);
  if (size >= FAST_W) return "fast";
  return size >= MIDDLE_W ? "middle" : "slow";
}
