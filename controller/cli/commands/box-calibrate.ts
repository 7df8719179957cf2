// `gridwright box calibrate`: what one count of a box's converter is, from an instrument that a person reads or from a meter of the
// site. Beside the running site alone: control has the box, tells it, and keeps what was found.
import { createInterface } from "node:readline/promises";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { BoxGains } from "@gridwright/contract/request.ts";
import { millis } from "@gridwright/contract/units.ts";
import {
  type Quantity,
  type Readings,
  reckonGains,
  UNITS,
} from "@gridwright/firmware-bridge/src/box/gain.ts";
import { gainsHistory } from "@gridwright/runtime/boxes/gains-file.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { quietView } from "@gridwright/runtime/live/listen.ts";
import type { View } from "@gridwright/runtime/live/view.ts";
import { sendFrom } from "./ask.ts";
import { type BoxOfSite, boxOfSite } from "./box-site.ts";
import { type Found, quiet } from "./operator.ts";
import { asOperator, type OperatorSeat } from "./operator-bus.ts";
import { findTarget } from "./target.ts";
import { progress } from "./terminal-ways.ts";

export interface BoxCalibrateFlags {
  readonly data: string;
  readonly meter?: string;
  readonly undo?: boolean;
  readonly yes?: boolean;
}

/** What is calibrated by what an instrument shows; undefined: it is asked for. */
export interface Wanted {
  readonly quantity: Quantity;
  readonly reference?: number;
}

type Write = (line: string) => void;

interface Bench {
  readonly of: BoxOfSite;
  readonly running: Found;
  readonly seat: OperatorSeat;
  readonly view: View;
  readonly write: Write;
}

const SAMPLES = 20;
const EVERY = millis(500);
/** The box is told at once, and measures twice a second. */
const TAKEN_TRIES = 40;
const TAKEN_WITHIN = 0.03;

const refused = (why: string): GridwrightError => new GridwrightError("calibration-refused", why);
const usage = (why: string): GridwrightError => new GridwrightError("usage", why);

/** What each of them says now; undefined where one is not fresh. */
function round({ view }: Bench, sources: readonly string[]): readonly number[] | undefined {
  const values = sources.map((source) => {
    const seen = view.readings.get(source);
    return seen?.q === "fresh" && typeof seen.v === "number" ? seen.v : undefined;
  });
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** What box and meter say for ten seconds in which all is fresh. Throws `calibration-refused` where it is not in three times that. */
async function watched(bench: Bench, sources: readonly string[]): Promise<readonly (readonly number[])[]> {
  const io = hostClock();
  const rounds: (readonly number[])[] = [];
  for (let at = 0; at < 3 * SAMPLES && rounds.length < SAMPLES; at++) {
    const values = round(bench, sources);
    if (values !== undefined) rounds.push(values);
    progress(`watching, ${Math.ceil(((SAMPLES - rounds.length) * EVERY) / 1_000)} s`);
    await io.sleep(EVERY);
  }
  progress("");
  if (rounds.length < SAMPLES)
    throw refused(
      `${sources.join(" or ")} is not told steadily: what is not fresh calibrates nothing. What ails it: gridwright read ${bench.of.box.id}`,
    );
  return sources.map((_, place) => rounds.map((values) => values[place] ?? Number.NaN));
}

const gainsText = ({ voltsPerCount, ampsPerCount }: BoxGains): string =>
  `voltsPerCount: ${voltsPerCount} V, ampsPerCount: ${ampsPerCount} A`;

function siteGains({ box }: BoxOfSite): BoxGains & { readonly nominalV: number } {
  const { measures } = box.spec.box ?? {};
  if (measures === undefined)
    throw refused(
      `${box.id} measures nothing: say measures: {} at it in the site file, once divider and clamp are there.`,
    );
  const { voltsPerCount, ampsPerCount, voltage } = measures;
  return { voltsPerCount, ampsPerCount, nominalV: voltage };
}

async function tell({ of, seat }: Bench, gains: BoxGains | null, why: string): Promise<void> {
  const body = { kind: "box-gains", device: of.box.id, gains, why } as const;
  const { answer, words } = await sendFrom(seat, body);
  if (answer.outcome === "refused") throw refused(`Control does not take it: ${words}.`);
}

/** Waits until the box says so. */
async function taken(bench: Bench, source: string, reference: number): Promise<number> {
  const io = hostClock();
  for (let tries = 0; tries < TAKEN_TRIES; tries++) {
    const value = bench.view.readings.get(source)?.v;
    if (typeof value === "number" && Math.abs(value - reference) <= TAKEN_WITHIN * reference) return value;
    await io.sleep(EVERY);
  }
  throw new GridwrightError(
    "write-not-verified",
    `Control has kept it, but ${source} does not come to ${reference}: did the load change meanwhile? gridwright box calibrate ${bench.of.box.id} --undo takes it back.`,
  );
}

/** What the instrument shows, typed in by a person. */
async function typed(quantity: Quantity): Promise<number> {
  if (!process.stdin.isTTY)
    throw usage(
      `Say what the instrument shows, in ${UNITS[quantity]}, or name a meter of the site with --meter.`,
    );
  const line = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await line.question(`What does the instrument show now, in ${UNITS[quantity]}? `);
  line.close();
  return Number(answer.trim().replace(",", "."));
}

const WHAT_TO_DO = {
  current:
    "One steady load alone, all of its current through the clamp, and the instrument's clamp around the same wire.",
  voltage: "The instrument at the terminals that the divider is on.",
} as const;

async function measured(
  bench: Bench,
  { quantity, reference }: Wanted,
  meter: string | undefined,
): Promise<Pick<Readings, "box" | "instrument">> {
  const own = `${bench.of.box.id}/${quantity}`;
  if (meter === undefined) {
    bench.write(WHAT_TO_DO[quantity]);
    const shown = reference ?? (await typed(quantity));
    const [box = []] = await watched(bench, [own]);
    return { box, instrument: [shown] };
  }
  const [point, ...others] = findTarget(bench.of.model, meter).points;
  if (point === undefined || others.length > 0)
    throw usage(`Name one point of the meter: --meter ${meter}/${quantity}`);
  if (point.source === own) throw usage(`${meter} is what the box itself says.`);
  const [box = [], instrument = []] = await watched(bench, [own, point.source]);
  return { box, instrument };
}

async function calibrate(bench: Bench, wanted: Wanted, flags: BoxCalibrateFlags): Promise<void> {
  const { of, running, write } = bench;
  const { quantity } = wanted;
  const { nominalV, ...site } = siteGains(of);
  const now = gainsHistory(running.dataDir, of.box.id, quiet).at(-1)?.gains ?? site;
  const seen = await measured(bench, wanted, flags.meter);
  const reckoned = reckonGains({ ...seen, quantity, now, site, nominalV });
  if (!reckoned.ok) throw refused(reckoned.why);
  const { before, reference, gains } = reckoned;
  const unit = UNITS[quantity];
  write(`the box says ${before.toFixed(2)} ${unit}, the instrument ${reference.toFixed(2)} ${unit}`);
  write(`until now   ${gainsText(now)}`);
  write(`from now on ${gainsText(gains)}`);
  if (flags.yes !== true) return write("Nothing is changed yet. To do it: add --yes");
  await tell(
    bench,
    gains,
    `${quantity} calibrated: ${before.toFixed(2)} ${unit} is ${reference.toFixed(2)} ${unit}`,
  );
  const after = await taken(bench, `${of.box.id}/${quantity}`, reference);
  write(
    `the box says ${after.toFixed(2)} ${unit} now. It is kept in the data folder and told at each hello; back: --undo`,
  );
}

async function undo(bench: Bench): Promise<void> {
  const { of, running, write } = bench;
  const history = gainsHistory(running.dataDir, of.box.id, quiet);
  if (history.length === 0)
    throw refused(`${of.box.id} was never calibrated here: the site file's figures count.`);
  const before = history.at(-2)?.gains ?? null;
  await tell(bench, before, "the last calibration was taken back");
  write(
    `as before: ${gainsText(before ?? siteGains(of))}${before === null ? ", as the site file says" : ""}`,
  );
}

/** Throws `calibration-refused` where nothing was changed. */
export async function runBoxCalibrate(
  id: string,
  { wanted, flags }: { readonly wanted: Wanted | undefined; readonly flags: BoxCalibrateFlags },
  write: Write,
): Promise<void> {
  const of = boxOfSite(id, flags);
  const { running } = of;
  if (running === undefined) throw usage("Start the site first: control has the box, and tells it.");
  await asOperator(running.dataDir, async (seat) => {
    const { model, bus, io } = seat;
    const bench = { of, running, seat, write, view: quietView({ model, io, bus, log: quiet }) };
    if (flags.undo === true) return undo(bench);
    if (wanted === undefined)
      throw usage(
        "Say voltage or current, and what the instrument shows: gridwright box calibrate shed current 7.4",
      );
    return calibrate(bench, wanted, flags);
  });
}
