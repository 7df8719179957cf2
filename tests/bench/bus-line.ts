// Ten meters on one emulated line of 9600 baud that are asked as fast as it goes: how much of the line's time is used,
// and what one dead meter costs the others.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { TextFile } from "@gridwright/protocols/documents/site-file.ts";
import { busOn } from "../links/bus-rig.ts";
import { plain, table } from "./figures.ts";

const BAUD = 9_600;
const METERS = 10;
const TIMEOUT_MS = 300;
/** Until the breaker of a dead unit has opened a few times. */
const WARM_MS = 12_000;
const MEASURE_MS = 20_000;

interface Use {
  readonly used: number;
  readonly answered: readonly (readonly [unit: number, times: number])[];
}
interface Figures {
  /** Share of the time in which the line did what its speed allows. */
  readonly share: number;
  /** Answers per second of the meters that live in every run. */
  readonly perSecond: number;
}

async function measure(dead: readonly number[]): Promise<Figures> {
  const line = fork(join(import.meta.dirname, "bus-line-serve.ts"), [
    `${BAUD}`,
    `${METERS}`,
    ...dead.map(String),
  ]);
  const [{ port }] = (await once(line, "message")) as [{ port: number }];
  const ask = async (): Promise<Use> => {
    line.send("use");
    const [use] = (await once(line, "message")) as [Use];
    return use;
  };
  const bus = busOn({
    link: `{ kind: modbus-rtu-tcp, host: 127.0.0.1, port: ${port}, baud: ${BAUD}, timeout: ${TIMEOUT_MS} ms }`,
    devices: Array.from(
      { length: METERS },
      (_, index) =>
        `meter-${index + 1}: { link: wire, unit: ${index + 1}, profile: eastron-sdm630, fast: 50 ms }`,
    ),
  });
  await wait(WARM_MS);
  const [before, begun] = [await ask(), performance.now()];
  await wait(MEASURE_MS);
  const [after, took] = [await ask(), performance.now() - begun];
  await bus.close();
  line.disconnect();
  await once(line, "exit");
  const answers = ({ answered }: Use): number =>
    answered.reduce((sum, [unit, times]) => (unit === METERS ? sum : sum + times), 0);
  return {
    share: (after.used - before.used) / took,
    perSecond: ((answers(after) - answers(before)) * 1_000) / took,
  };
}

const BLOCK_POINTS = 40;
const BLOCKS_MS = 8_000;

/** A meter of forty floats, read as one block or, where it takes two registers at a time, one by one. */
const floats = (registersMax: number): TextFile => ({
  name: "forty-floats.yaml",
  text: [
    ...[
      "profile: forty-floats",
      "title: Forty floats",
      "licence: CC0-1.0",
      "source: none",
      "tried: reported",
    ],
    ...["protocol: modbus", `registersMax: ${registersMax}`, "points:"],
    ...Array.from(
      { length: BLOCK_POINTS },
      (_, index) =>
        `  pv_string_power_${index + 1}: { table: input, address: ${index * 2}, type: float32, unit: W, poll: fast }`,
    ),
    "",
  ].join("\n"),
});

/** Whole polls of forty points per second, on a line of its own. */
async function polls(registersMax: number): Promise<number> {
  const line = fork(join(import.meta.dirname, "bus-line-serve.ts"), [`${BAUD}`, "1"]);
  const [{ port }] = (await once(line, "message")) as [{ port: number }];
  const bus = busOn({
    link: `{ kind: modbus-rtu-tcp, host: 127.0.0.1, port: ${port}, baud: ${BAUD} }`,
    devices: ["meter: { link: wire, unit: 1, profile: forty-floats, fast: 50 ms }"],
    profiles: [floats(registersMax)],
  });
  let read = 0;
  for (const device of bus.devices) device.onSampling(() => read++);
  while (read === 0) await wait(20);
  const [before, begun] = [read, performance.now()];
  await wait(BLOCKS_MS);
  const perSecond = ((read - before) * 1_000) / (performance.now() - begun);
  await bus.close();
  line.disconnect();
  await once(line, "exit");
  return perSecond;
}

async function blocksText(): Promise<string> {
  const [block, single] = [await polls(125), await polls(2)];
  return `${BLOCK_POINTS} points of two registers of one meter on such a line: ${plain(1_000 / block, 0)} ms as one block, ${plain(1_000 / single, 0)} ms one by one, ${plain(block / single, 1)} times as long.`;
}

export async function benchBusLine(): Promise<string> {
  const all = await measure([]);
  const one = await measure([METERS]);
  const row = (name: string, { share, perSecond }: Figures): string[] => [
    name,
    `${plain(share * 100, 1)} %`,
    plain(perSecond),
    plain(perSecond / (METERS - 1)),
  ];
  // With all alive the nine have nine tenths of the line; with one dead they have all of it but what it costs.
  const cost = 1 - (one.perSecond * (METERS - 1)) / METERS / all.perSecond;
  return `${METERS} Eastron SDM630 on one emulated line of ${BAUD} baud (paced bytes, 10 ms turnaround, silences), asked without pause; the other nine when one is dead. The possible rate is what the line's time allows.

${table(
  ["line", "achieved of possible", "answers/s of the nine", "of each"],
  [row("all alive", all), row("one dead", one)],
)}

The dead one costs the others ${plain(cost * 100, 1)} % of what they could have (timeout ${TIMEOUT_MS} ms, breaker at work).

${await blocksText()}`;
}
