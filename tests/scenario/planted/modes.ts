// Bugs of grid modes, black start and generating sets.
import type { GridMode } from "@gridwright/contract/messages.ts";
import { decide } from "@gridwright/core/decide.ts";
import { reconcile } from "@gridwright/core/leases.ts";
import type { Memory } from "@gridwright/core/memory.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import { dudNight, emptyNight, MODES_MODEL, trippedNight } from "../mode-stories.ts";
import { type Bug, type PlantedBug, says, seeing, set } from "../planting.ts";

/** The brain with parts of the site file changed behind its back, by asset. */
const carelessOf = (changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>) => {
  const assets = Object.fromEntries(
    Object.entries(MODES_MODEL.assets).map(([id, asset]) => {
      const spec = { ...asset.spec, ...changes[id] } as typeof asset.spec;
      return [id, changes[id] === undefined ? asset : { ...asset, spec }];
    }),
  );
  const model = { ...MODES_MODEL, assets };
  return (input: DecideInput): Step => decide({ ...input, model });
};

const inMode =
  (mode: GridMode, bug: Bug): Bug =>
  (input, said) =>
    said.mode === mode ? bug(input, said) : said;

const remembers =
  (change: (memory: Memory, input: DecideInput) => Memory): Bug =>
  (input, said) => ({ ...said, memory: change(said.memory, input) });

const silentOn =
  (id: RegExp): Bug =>
  (_, said) => ({ ...said, conditions: said.conditions.filter((condition) => !id.test(condition.id)) });

export const BUGS: readonly PlantedBug[] = [
  {
    bug: "the AC input may take of a set all that it can",
    brain: seeing(
      inMode(
        "island-generator",
        says((all) =>
          all.map((desired) =>
            desired.asset === "inverter" ? { ...desired, set: { kind: "limit", share: 1 } } : desired,
          ),
        ),
      ),
    ),
    story: dudNight,
    caughtBy: /^an AC input/,
  },
  {
    bug: "a returned grid counts at once",
    brain: carelessOf({ grid: { returns: { after: 0, frequencyMin: 0, frequencyMax: 99, voltageMin: 0 } } }),
    story: dudNight,
    caughtBy: /^a returned grid/,
  },
  {
    bug: "sockets stay on for the inverter's try",
    brain: seeing(inMode("dead-bus", set("house-3-sockets", true))),
    story: trippedNight,
    caughtBy: /^at a try/,
  },
  {
    bug: "everything comes back as soon as the inverter gives power",
    brain: seeing(inMode("retry", set("printer-1", true))),
    story: trippedNight,
    caughtBy: /^at a try/,
  },
  {
    bug: "the charge is used to the last",
    brain: seeing(
      says((all) =>
        all.map((desired) =>
          desired.rule === "black-start"
            ? { ...desired, set: { kind: "switch", on: true } as const }
            : desired,
        ),
      ),
    ),
    story: emptyNight,
    caughtBy: /^the last of the charge/,
  },
  {
    bug: "nobody is called when the inverter has given up",
    brain: seeing(silentOn(/^dead-bus\/person/)),
    story: trippedNight,
    caughtBy: /^a person is called/,
  },
  {
    bug: "the inverter's try never ends",
    brain: seeing(
      remembers((memory, { state }) => ({
        ...memory,
        mode: memory.mode.mode === "retry" ? { ...memory.mode, revivedAt: state.now } : memory.mode,
      })),
    ),
    story: trippedNight,
    caughtBy: /^L no mode stays stuck/,
  },
  {
    bug: "a set is cranked without end",
    brain: seeing(
      remembers((memory) => {
        const record = memory.generators.genset;
        if (record === undefined || record.state.phase !== "failed") return memory;
        const again = { ...record.state, phase: "cranking" as const, tries: 1 };
        return { ...memory, generators: { genset: { ...record, state: again } } };
      }),
    ),
    story: dudNight,
    caughtBy: /^a set that does not start/,
  },
  {
    bug: "nobody is told of a set that does not start",
    brain: seeing(silentOn(/^generator-failed/)),
    story: dudNight,
    caughtBy: /^a set that does not start/,
  },
  {
    bug: "a set stops as soon as it runs",
    brain: seeing((input, said) => {
      const { state } = said.memory.generators.genset ?? {};
      const soon = state?.phase === "running" && input.state.now - state.since > 20_000;
      return soon ? set("genset", false)(input, said) : said;
    }),
    story: dudNight,
    caughtBy: /^I10 /,
  },
  {
    bug: "a set is started again beside the grid",
    hands: (input) => {
      const acted = reconcile(input);
      const { state } = input;
      const late = state.now > 2_380_000;
      const order = {
        asset: "genset",
        device: "relays-village",
        point: "relay_16",
        set: { kind: "switch", on: true } as const,
        leaseMs: 30_000 as never,
      };
      return late ? { ...acted, orders: [...acted.orders, order] } : acted;
    },
    story: dudNight,
    caughtBy: /^I11 no second source/,
  },
  {
    bug: "the story says that the generator carries everything, whatever does",
    brain: seeing((_, said) => ({
      ...said,
      conditions: [
        ...said.conditions,
        { id: "mode/generator", severity: "info", reason: { code: "alarm-mode-generator", params: {} } },
      ],
    })),
    story: emptyNight,
    caughtBy: /^the story tells/,
  },
];
