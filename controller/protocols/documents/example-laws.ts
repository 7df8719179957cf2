// The examples of a Modbus profile: registers and their value, made by hand from the manual. Where they disagree with what
// the profile says of the point, the whole arithmetic is told, and what would make it right. Part of profile-laws.ts.
import { POINTS, parsePointName } from "@gridwright/contract/points.ts";
import { type ModbusProfile, PROFILE_UNITS } from "@gridwright/contract/profile.ts";
import type { Mistake } from "@gridwright/contract/site/model.ts";
import { decode } from "../modbus/codec.ts";
import { type Register, registersOf } from "../modbus/registers.ts";

type Value = number | boolean;

function meantBy(register: Register, raw: readonly number[], change: Partial<Register["encoding"]> = {}) {
  const decoded = decode({ ...register.encoding, ...change }, raw, register.value);
  return decoded.kind === "value" ? decoded.value : decoded.kind;
}

const near = (one: unknown, other: Value): boolean =>
  typeof one === "number" && typeof other === "number"
    ? Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other))
    : one === other;

/** One change of the point that makes the example right; empty where there is none so simple. */
function cureOf(register: Register, raw: readonly number[], value: Value): string {
  const { encoding, point, count } = register;
  const order = encoding.words === "big" ? "little" : "big";
  const right = (change: Partial<Register["encoding"]>): boolean =>
    near(meantBy(register, raw, change), value);
  if (count > 1 && right({ words: order })) return `; with words: ${order} at ${point} it would be right`;
  const found = meantBy(register, raw);
  if (typeof found !== "number" || typeof value !== "number" || found === 0) return "";
  if (near(-found, value)) return `; with sign: ${-encoding.sign} at ${point} it would be right`;
  const base = parsePointName(point)?.base;
  const own = base === undefined ? "" : POINTS[base].unit;
  const factor = PROFILE_UNITS[encoding.unit] ?? 1;
  if (factor !== 1 && near(found / factor, value))
    return `; an example's value is in the point's own unit${own === "1" ? ", a share" : ` (${own})`}: write ${found}`;
  const scale = Number(((encoding.scale * value) / found).toPrecision(9));
  return /^1(0*|e[+-]?\d+)$|^0\.0*1$/.test(String(Math.abs(value / found)))
    ? `; with scale: ${scale} at ${point} it would be right`
    : "";
}

/** `registers 4366 8000, as float32 with the high word first, are 230.5; × 0.1 in kV …`: how the value comes about. */
function arithmetic({ encoding, count, value: kind }: Register, words: readonly string[]): string {
  const raw = words.map((word) => Number.parseInt(word, 16));
  const bare = decode({ ...encoding, scale: 1, unit: "1", sign: 1, sentinels: [] }, raw, "number");
  const order = encoding.words === "big" ? "high" : "low";
  const as = count > 1 ? `${encoding.type} with the ${order} word first` : encoding.type;
  const number = bare.kind === "value" ? String(bare.value) : "no number";
  const factor = PROFILE_UNITS[encoding.unit] ?? 1;
  const steps =
    kind === "switch"
      ? []
      : [
          ...(encoding.scale === 1 ? [] : [`× ${encoding.scale} (scale)`]),
          ...(factor === 1 ? [] : [`× ${factor} (unit ${encoding.unit})`]),
          ...(encoding.sign === 1 ? [] : ["× -1 (sign)"]),
        ];
  return `${words.length === 1 ? "register" : "registers"} ${words.join(" ")} as ${as} = ${[number, ...steps].join(" ")}`;
}

/** What is wrong with the examples of a profile. */
export function exampleMistakes(profile: ModbusProfile): Mistake[] {
  const registers = new Map(registersOf(profile).map((register) => [register.point, register]));
  return profile.examples.flatMap(({ point, words, value }, index): Mistake[] => {
    const register = registers.get(point);
    const path = ["examples", index];
    if (register === undefined)
      return [{ path: [...path, "point"], message: `"${point}" is not a register here` }];
    if (words.length !== register.count)
      return [
        {
          path: [...path, "words"],
          message: `${point} is ${register.encoding.type} and takes ${register.count} words, not ${words.length}`,
        },
      ];
    const raw = words.map((word) => Number.parseInt(word, 16));
    const found = meantBy(register, raw);
    if (found === value) return [];
    const result = typeof found === "string" ? `«no value» (${found})` : String(found);
    const message = `${arithmetic(register, words)} gives ${result}, but the example says ${value}: one of both is not as in the manual${cureOf(register, raw, value)}`;
    return [{ path: [...path, "value"], message }];
  });
}
