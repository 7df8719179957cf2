// Reads assets on the live bus of a running controller: what control itself sees, with its quality and age.
import type { ApiReading } from "@gridwright/contract/api.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { millis, seconds } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { listenTo } from "@gridwright/runtime/live/listen.ts";
import { controlOf, createView, forgetNews, shown, type View } from "@gridwright/runtime/live/view.ts";
import { type Found, joinBus, quiet } from "./operator.ts";
import type { Reader, Round } from "./read.ts";
import { ageText, valueText, whyText } from "./reading-text.ts";
import { findTarget, type Target } from "./target.ts";

/** A snapshot comes every 5 s, and a retained one at once. */
const FIRST_WORD_MAX = seconds(8);
const STEP = millis(50);

async function firstWord(view: View): Promise<void> {
  for (let waited = 0; waited < FIRST_WORD_MAX; waited += STEP) {
    if (view.heardAt !== undefined && view.readings.size > 0) return;
    await view.io.sleep(STEP);
  }
  if (view.readings.size > 0) return;
  throw new GridwrightError(
    "broker-unreachable",
    "The running controller says nothing on its live bus. With --raw the device itself is read.",
  );
}

const qualityText = ({ q, why }: ApiReading): string => {
  if (q === "fresh") return "good";
  if (q === "bad") return `bad: ${whyText(why ?? "")}`;
  return q === "stale" ? "stale" : whyText(why ?? "");
};

/** Channels of the target: as an asset's points, or those that come from this device. */
function channelsOf(
  view: View,
  target: Target,
): readonly { readonly name: string; readonly channel: string }[] {
  if (target.kind === "asset")
    return target.points.map(({ name }) => ({ name, channel: `${target.id}/${name}` }));
  const sources = new Set(target.points.map(({ source }) => source));
  return [...view.sourceOf]
    .filter(([, source]) => sources.has(source))
    .map(([channel]) => ({ name: channel, channel }));
}

function roundOf(view: View, target: Target): Round {
  const { state } = controlOf(view);
  const rows = channelsOf(view, target).map(({ name, channel }) => {
    const reading = shown(view, channel, state);
    const point = name.split("/").at(-1) ?? name;
    const [value, unit] = reading.v === null ? ["-", ""] : valueText(point, reading.v);
    const device = view.sourceOf.get(channel)?.split("/")[0] ?? "";
    // As control told it last: it tells at each change, and everything every 5 s.
    const ageMs = view.devices.get(device)?.ageMs ?? null;
    return { name, value, unit, reading, ageMs, quality: qualityText(reading) };
  });
  const live = state === "live" ? "" : ", which says nothing now";
  return {
    title: `${target.id}, as the running controller sees it${live}`,
    head: ["POINT", "VALUE", "UNIT", "QUALITY", "AGE"],
    rows: rows.map(({ name, value, unit, quality, reading, ageMs }) => [
      ...[name, value, unit, quality, reading.v === null ? "" : ageText(ageMs)],
    ]),
    data: rows.map(({ name, reading, ageMs }) => ({
      ...{ point: name, value: reading.v, quality: reading.q, ageMs },
      ...(reading.why !== undefined && { why: reading.why }),
    })),
    ...(rows.length === 0 && {
      note: "No asset of the site takes points of this device: --raw reads the device itself.",
    }),
  };
}

/** Joins the bus and reads `target` from it. Rejects with `usage` or `broker-unreachable`. */
export async function openLiveReader(found: Found, text: string): Promise<Reader> {
  const { model, bus } = await joinBus(found);
  try {
    const target = findTarget(model, text);
    const view = createView(model, hostClock());
    listenTo(view, { bus, siteId: model.site.site.id, log: quiet });
    await firstWord(view);
    return {
      read: async () => {
        forgetNews(view);
        return roundOf(view, target);
      },
      close: () => bus.close(),
    };
  } catch (error) {
    await bus.close();
    throw error;
  }
}
