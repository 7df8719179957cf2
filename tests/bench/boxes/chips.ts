// What both images do in their emulated chips' own time: how soon they shed, how exact their clocks are, how soon a command is in.
import { createBox } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import type { Supply } from "@gridwright/firmware-bridge/emulator/wave.ts";
import { hostOn, until } from "../../firmware/hosted-box.ts";
import { createPicoBox } from "../../firmware/pico/pico-box.ts";
import { plain, spread, table } from "../figures.ts";

const LOW = 0;
const HIGH = 1;
const BOOT_MS = 40;
const SETTLE_MS = 600;
/** One moment of the mains' cycle after the other. */
const OFFSET_MS = 1.7;
const NORMAL: Supply = { volts: 231, amps: 7, hz: 50 };
const LEASES_MS = [40, 120, 333, 1_000, 2_500];
const COMMANDS = 300;

const onAvr = (supply: Supply) => hostOn(createBox(supply));
const onPico = (supply: Supply) => hostOn(createPicoBox(supply));
type Hosted = Pick<
  ReturnType<typeof onAvr>,
  | "run"
  | "open"
  | "guard"
  | "source"
  | "channel"
  | "set"
  | "send"
  | "session"
  | "supply"
  | "atMs"
  | "linePulled"
> & { pin(channel: number): number };

const CHIPS: readonly (readonly [string, (supply: Supply) => Hosted])[] = [
  ["ATmega328P", onAvr],
  ["RP2040", onPico],
];

function started(create: (supply: Supply) => Hosted, source: "inverter" | "generator"): Hosted {
  const box = create({ ...NORMAL });
  box.run(BOOT_MS);
  box.open();
  box.guard();
  box.source(source);
  box.run(SETTLE_MS);
  return box;
}

function shedTimes(create: (supply: Supply) => Hosted, then: Partial<Supply>, rounds: number): number[] {
  return Array.from({ length: rounds }, (_, round) => {
    const box = started(create, "inverter");
    box.run(round * OFFSET_MS);
    Object.assign(box.supply, then);
    return until(box, box.linePulled, 1_000);
  });
}

function loadStep(create: (supply: Supply) => Hosted): string {
  const box = started(create, "generator");
  Object.assign(box.supply, { hz: 45, volts: 207 });
  return Number.isFinite(until(box, box.linePulled, 4_000)) ? "sheds" : "nothing";
}

/** ms by which each lease ended beside its time, looked at each quarter of a ms. */
function leaseErrors(create: (supply: Supply) => Hosted): number[] {
  const box = started(create, "inverter");
  box.channel(2);
  return LEASES_MS.map((ttl) => {
    box.send({ kind: "set", session: box.session(), channel: 2, output: "on", ttl_ms: ttl });
    until(box, () => box.pin(2) === HIGH, 40);
    return Math.abs(until(box, () => box.pin(2) === LOW, ttl + 100) - ttl);
  });
}

/** ms from the first bit of a command on the line to the pin. The RP2040's emulated receiver is exact, its sender needs no time. */
function commandTimes(create: (supply: Supply) => Hosted, commands: number): number[] {
  const box = started(create, "inverter");
  box.channel(2);
  return Array.from({ length: commands }, (_, at) => {
    const on = at % 2 === 0;
    box.run(3 + (at % 7) * 1.3);
    box.send({ kind: "set", session: box.session(), channel: 2, output: on ? "on" : "off", ttl_ms: 60_000 });
    return until(box, () => box.pin(2) === (on ? HIGH : LOW), 100);
  });
}

export function chipsSection(quick: boolean): string {
  const rounds = quick ? 4 : 24;
  const rows = CHIPS.map(([name, create]) => {
    const [overload, sag] = [{ amps: 40 }, { volts: 184 }].map((then) =>
      spread(shedTimes(create, then, rounds)),
    );
    const command = spread(commandTimes(create, quick ? 40 : COMMANDS));
    const both = (of: typeof overload): string => (of ? `${plain(of.p50)} / ${plain(of.max)}` : "–");
    return [
      name,
      both(overload),
      both(sag),
      loadStep(create),
      plain(Math.max(...leaseErrors(create))),
      `${plain(command.p50)} / ${plain(command.p99)}`,
    ];
  });
  return `In the emulated chips' own time, ms; ${rounds} moments of the mains' cycle each.

${table(
  [
    "chip",
    "200 % load at the converter → shed line, p50 / max",
    "sag to 0.8 Un → shed line, p50 / max",
    "a generator's load step (−10 % for 4 s)",
    "a lease ends beside its time by at most",
    "command's first bit at 115,200 baud → pin, p50 / p99",
  ],
  rows,
)}`;
}
