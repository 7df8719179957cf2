// The bridge and a box over a line on which one bit in so many is wrong: what is lost, what is made up, how soon all is well again.
import { millis } from "@gridwright/contract/units.ts";
import { createBridged, siteOf } from "../../firmware/bridged.ts";
import { noisyLine } from "../../firmware/noise.ts";
import { plain, table } from "../figures.ts";

const NOISY_MS = 30_000;
const QUIET_MAX_MS = 20_000;
const STEP_MS = 20;
const COMMAND_EVERY_MS = 500;
const HEATER = 2;
const SAW = 0;

const SITE = siteOf([
  "links: { usb: { kind: box, device: /dev/serial/by-id/usb-box } }",
  "devices: { noisy: { link: usb, profile: gridwright-box } }",
  "assets:",
  "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: noisy/relay_3, onSilence: off }",
  "  saw: { kind: machine, name: Saw, tier: 3, rating: 3 kVA, switch: noisy/relay_1, onSilence: off }",
]);

/** Counted up on a line. */
interface Tally {
  asked: number;
  done: number;
  madeUp: number;
}

type Bridged = ReturnType<typeof createBridged>;
const pin = (bridged: Bridged, channel: number): number => bridged.emulated("noisy").pin(channel);

/** Asks for the heater; `done` where the box confirmed it. What was refused is not counted. */
function ask(
  bridged: Bridged,
  on: boolean,
  { done, signal }: { done: () => void; signal: AbortSignal },
): void {
  const command = { point: "relay_3", set: { kind: "switch", on }, leaseMs: millis(60_000) } as const;
  void bridged
    .device("noisy")
    .command(command, signal)
    .then(done)
    .catch(() => undefined);
}

async function underNoise(bridged: Bridged, forMs: number, signal: AbortSignal): Promise<Tally> {
  const tally = { asked: 0, done: 0, madeUp: 0 };
  const done = (): void => {
    tally.done += 1;
  };
  for (let gone = 0; gone < forMs; gone += STEP_MS) {
    if (gone % COMMAND_EVERY_MS === 0) {
      tally.asked += 1;
      ask(bridged, tally.asked % 2 === 1, { done, signal });
    }
    await bridged.run(STEP_MS);
    if (pin(bridged, SAW) === 1) tally.madeUp += 1;
  }
  return tally;
}

/** ms in the mean until a command is in, one off and one on, said again while the box is away as control does. */
async function healed(bridged: Bridged, signal: AbortSignal): Promise<number> {
  let took = 0;
  for (const on of [false, true]) {
    let isIn = false;
    const done = (): void => {
      isIn = true;
    };
    while (took < QUIET_MAX_MS && !(isIn && pin(bridged, HEATER) === Number(on))) {
      if (took % COMMAND_EVERY_MS === 0) ask(bridged, on, { done, signal });
      await bridged.run(STEP_MS);
      took += STEP_MS;
    }
  }
  return took / 2;
}

async function through(share: number, forMs: number): Promise<readonly string[]> {
  const hurt = noisyLine(share, 0x1f12_3bb5);
  let isNoisy = false;
  const patience = new AbortController();
  const bridged = createBridged({
    model: SITE,
    line: (bytes) => (isNoisy ? hurt(bytes) : bytes),
  });
  while (bridged.said("noisy/relay_3") === undefined) await bridged.run(STEP_MS);
  const before = { ...(bridged.counts() ?? { heard: 0, broken: 0, missed: 0 }) };
  isNoisy = true;
  const tally = await underNoise(bridged, forMs, patience.signal);
  const { heard, broken, missed } = bridged.counts() ?? before;
  isNoisy = false;
  const again = await healed(bridged, patience.signal);
  patience.abort();
  await bridged.stop();
  return [
    `1 in ${Math.round(1 / share)}`,
    plain(heard - before.heard, 0),
    plain(broken - before.broken, 0),
    plain(missed - before.missed, 0),
    `${tally.done} of ${tally.asked}`,
    plain(tally.madeUp, 0),
    plain(again, 0),
  ];
}

export async function noiseSection(quick: boolean): Promise<string> {
  const forMs = quick ? 4_000 : NOISY_MS;
  const rows: (readonly string[])[] = [];
  for (const share of [0.0001, 0.001, 0.01]) rows.push(await through(share, forMs));
  return `${forMs / 1_000} s of line time with both ways disturbed, a command each ${COMMAND_EVERY_MS / 1_000} s; then undisturbed, until a
command is in again, said each ${COMMAND_EVERY_MS / 1_000} s. A frame of 20 bytes is whole with 98 %, 85 % and 20 %.

${table(
  [
    "bits that are wrong",
    "frames heard whole",
    "dropped as broken",
    "questions unanswered",
    "commands confirmed",
    "switched though nobody asked",
    "undisturbed again: ms to a command",
  ],
  rows,
)}`;
}
