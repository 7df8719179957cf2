// What must hold between the keys of a Modbus profile: tables and types fit, registers are nobody else's, whoever is
// written says what becomes of it alone, phases come together, and the examples made by hand decode as they say.
import { PHASES, POINTS, type PointBase, parsePointName, phasePoint } from "@gridwright/contract/points.ts";
import type { ModbusProfile, RegisterPoint } from "@gridwright/contract/profile.ts";
import type { Mistake } from "@gridwright/contract/site/model.ts";
import { wordCount } from "../modbus/codec.ts";
import { registersOf, summandOf } from "../modbus/registers.ts";
import { exampleMistakes } from "./example-laws.ts";

type Wrong = false | undefined | string;
type PointLaw = (spec: RegisterPoint, point: string, profile: ModbusProfile) => Wrong;

const isBit = ({ table }: RegisterPoint): boolean => table === "coil" || table === "discrete";

/** Key that the mistake is about → what is wrong with it. */
const POINT_LAWS: readonly (readonly [path: readonly string[], law: PointLaw])[] = [
  [
    ["type"],
    (spec) =>
      isBit(spec) !== (spec.type === "bool") &&
      `a ${spec.table} cannot be ${spec.type}; coils and discrete inputs are bool, registers are not`,
  ],
  [
    ["write"],
    ({ table, write }) =>
      write !== undefined &&
      (table === "input" || table === "discrete") &&
      `a value of the ${table} table cannot be written`,
  ],
  [
    ["write", "fallback"],
    ({ write }) =>
      write !== undefined &&
      write.lease === undefined &&
      write.fallback === undefined &&
      "say what becomes of a written value when the controller is gone: a lease, fallback: { afterMs, to } or fallback: none",
  ],
  [
    ["above"],
    ({ above, table, address, type, write }, _, { points }) =>
      above !== undefined &&
      (write !== undefined ||
        !Object.values(points).some(
          (other) =>
            other.above === undefined &&
            other.table === table &&
            other.address === address &&
            other.type === type,
        )) &&
      "needs another point that reads the number itself, and is never written",
  ],
  [
    ["mask"],
    ({ mask, type, write }) =>
      mask !== undefined &&
      (type !== "uint16" || write !== undefined) &&
      "only a uint16 that is not written can have a mask: a write would clear the other bits",
  ],
  [
    ["absentWhen", "point"],
    ({ absentWhen, poll }, _, { points }) =>
      absentWhen !== undefined &&
      points[absentWhen.point]?.poll !== poll &&
      `"${absentWhen.point}" must be a point of this profile in the same poll class (${poll})`,
  ],
  [
    ["repeat"],
    ({ repeat }, point) =>
      repeat !== undefined &&
      POINTS[point as PointBase] !== undefined &&
      !("channels" in POINTS[point as PointBase]) &&
      `${point} does not come in channels`,
  ],
  [
    ["sentinels"],
    ({ sentinels, type }) =>
      sentinels.some((raw) => raw >= 2 ** (16 * wordCount(type))) && `must fit ${type}, written unsigned`,
  ],
  [["range"], ({ range }) => range !== undefined && range[0] >= range[1] && "must rise: [least, most]"],
];

const pointMistakes = (profile: ModbusProfile): Mistake[] =>
  Object.entries(profile.points).flatMap(([point, spec]) =>
    POINT_LAWS.flatMap(([path, law]) => {
      const message = law(spec, point, profile);
      return message ? [{ path: ["points", point, ...path], message }] : [];
    }),
  );

/** Points may only share a register when each has bits of its own. */
function overlapMistakes(profile: ModbusProfile): Mistake[] {
  const owners = new Map<string, { readonly point: string; readonly bits: number }[]>();
  return registersOf(profile).flatMap(({ point, table, address, count, encoding }) => {
    const bits = encoding.above === undefined ? (encoding.mask ?? 0xffff) : 0;
    const keys = Array.from({ length: count }, (_, index) => `${table} ${address + index}`);
    const other = keys.flatMap((key) => owners.get(key) ?? []).find((owner) => (owner.bits & bits) !== 0);
    for (const key of keys) owners.set(key, [...(owners.get(key) ?? []), { point, bits }]);
    if (other === undefined) return [];
    const key = profile.points[point] === undefined ? point.replace(/_\d+$/, "") : point;
    return [{ path: ["points", key, "address"], message: `shares a register with ${other.point}` }];
  });
}

function sumMistakes(profile: ModbusProfile): Mistake[] {
  const known = new Map(registersOf(profile).map(({ point, poll }) => [point, poll]));
  return Object.entries(profile.sums).flatMap(([point, parts]) => {
    const twice = known.has(point)
      ? [{ path: ["sums", point], message: "is also a register of this profile" }]
      : [];
    const classes = new Set(parts.map((part) => known.get(summandOf(part)[0])));
    const mixed =
      classes.size === 1 && !classes.has(undefined)
        ? []
        : [
            {
              path: ["sums", point],
              message: "must be the sum of registers of this profile that are read in one poll class",
            },
          ];
    return [...twice, ...mixed];
  });
}

/** A rule that looks at one phase alone would take the others for dead. */
function phaseMistakes({ points, sums }: ModbusProfile): Mistake[] {
  const names = [...Object.keys(points), ...Object.keys(sums)];
  const bases = new Set(
    names.flatMap((name) => {
      const parsed = parsePointName(name);
      return parsed?.phase === undefined ? [] : [parsed.base];
    }),
  );
  return [...bases].flatMap((base) => {
    const missing = PHASES.map((phase) => phasePoint(base, phase)).filter((name) => !names.includes(name));
    if (missing.length === 0) return [];
    return [
      { path: ["points"], message: `${base} of single phases is not whole: ${missing.join(", ")} missing` },
    ];
  });
}

/** Everything that only shows between two keys of a Modbus profile. */
export const modbusLaws = (profile: ModbusProfile): readonly Mistake[] => [
  ...pointMistakes(profile),
  ...overlapMistakes(profile),
  ...sumMistakes(profile),
  ...phaseMistakes(profile),
  ...exampleMistakes(profile),
];
