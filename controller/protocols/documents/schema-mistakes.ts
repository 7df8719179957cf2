// Turns the issues of a zod schema into mistakes that people can mend: what is allowed there, the nearest name for a
// misspelt one, and for a union only what its best-matching branch says.
import type { PlanCase } from "@gridwright/contract/plan/case.ts";
import type { Profile } from "@gridwright/contract/profile.ts";
import type { Mistake } from "@gridwright/contract/site/model.ts";
import type { Site } from "@gridwright/contract/site/site.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./yaml-lines.ts";

type Checked = typeof Site | typeof Profile | typeof PlanCase;
type Issue = NonNullable<ReturnType<Checked["safeParse"]>["error"]>["issues"][number];

/** The part of a zod schema's own description that is walked here. */
interface Schema {
  readonly _zod: {
    readonly def: {
      readonly type: string;
      readonly shape?: Readonly<Record<string, Schema>>;
      readonly valueType?: Schema;
      readonly element?: Schema;
      readonly innerType?: Schema;
      readonly in?: Schema;
      readonly options?: readonly Schema[];
      readonly discriminator?: string;
      readonly values?: readonly unknown[];
    };
  };
}

interface At {
  readonly schema: Schema | undefined;
  readonly value: unknown;
}

function unwrap(schema: Schema | undefined): Schema | undefined {
  let at = schema;
  for (let inner = at?._zod.def; inner?.innerType ?? inner?.in; inner = at?._zod.def)
    at = inner.innerType ?? inner.in;
  return at;
}

const keyOf = (value: unknown, key: string | number): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;

/** The branch that `value`'s own discriminator names. */
function branch(schema: Schema | undefined, value: unknown): Schema | undefined {
  const { options, discriminator } = schema?._zod.def ?? {};
  if (options === undefined || discriminator === undefined) return schema;
  const wanted = keyOf(value, discriminator);
  return options.find((option) => option._zod.def.shape?.[discriminator]?._zod.def.values?.includes(wanted));
}

function down({ schema, value }: At, path: Path): At {
  return path.reduce<At>(
    (at, key) => {
      const def = branch(unwrap(at.schema), at.value)?._zod.def;
      return { schema: def?.shape?.[key] ?? def?.valueType ?? def?.element, value: keyOf(at.value, key) };
    },
    { schema, value },
  );
}

const allowedKeys = (at: At): readonly string[] =>
  Object.keys(branch(unwrap(at.schema), at.value)?._zod.def.shape ?? {});

const suggestion = (written: unknown, allowed: readonly string[]): string => {
  const near = typeof written === "string" ? nearest(written, allowed) : undefined;
  return near === undefined ? "" : `did you mean "${near}"? `;
};

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

function oneOf(value: unknown, allowed: readonly unknown[]): string {
  const words = allowed.map(String);
  const list = `allowed: ${words.join(", ")}`;
  return value === undefined
    ? `is missing; ${list}`
    : `${shown(value)} is not known here; ${suggestion(value, words)}${list}`;
}

const ARTICLES: Readonly<Record<string, string>> = {
  object: "a map of keys",
  record: "a map of keys",
  array: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function sizeMessage(issue: Issue & { code: "too_small" | "too_big" }, value: unknown): string {
  const [word, limit] =
    issue.code === "too_small" ? (["least", issue.minimum] as const) : (["most", issue.maximum] as const);
  if (issue.origin === "string") return `must have at ${word} ${limit} characters`;
  if (issue.origin === "array") return `must have at ${word} ${limit} entries`;
  return `must be at ${word} ${limit}; found ${shown(value)}`;
}

function typeMessage(issue: Issue & { code: "invalid_type" }, value: unknown): string {
  const plain = issue.message.startsWith("Invalid input");
  const wanted = ARTICLES[issue.expected] ?? issue.expected;
  if (value === undefined) return `is missing: ${plain ? `write ${wanted}` : issue.message}`;
  return plain ? `must be ${wanted}; found ${shown(value)}` : issue.message;
}

function leafMessage(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return typeMessage(issue, value);
    case "invalid_value":
      return oneOf(value, issue.values);
    case "too_small":
    case "too_big":
      return sizeMessage(issue, value);
    case "invalid_format":
      return issue.format === "url"
        ? `must be an address such as http://localhost:8086; found ${shown(value)}`
        : issue.message;
    default:
      return issue.message;
  }
}

/** How badly a branch of a union fits: another shape is worst, then keys that it does not have. */
function misfit(errors: readonly Issue[], at: At): number {
  return errors.reduce((sum, issue) => {
    if (issue.path.length === 0 && issue.code === "invalid_type") return sum + 100;
    if (issue.code !== "unrecognized_keys") return sum + 1;
    const allowed = allowedKeys(at);
    return sum + issue.keys.reduce((keys, key) => keys + (nearest(key, allowed) === undefined ? 3 : 0.5), 0);
  }, 0);
}

function unionMistakes(issue: Issue & { code: "invalid_union" }, at: At, path: Path): readonly Mistake[] {
  const { discriminator, options } = issue as { discriminator?: string; options?: readonly unknown[] };
  if (discriminator !== undefined) return [{ path, message: oneOf(at.value, options ?? []) }];
  const schemas = unwrap(at.schema)?._zod.def.options ?? [];
  const branches = issue.errors.map((errors, index) => ({
    errors,
    at: { schema: schemas[index], value: at.value },
  }));
  const best = branches.toSorted((a, b) => misfit(a.errors, a.at) - misfit(b.errors, b.at))[0];
  return best?.errors.flatMap((inner) => explain(inner, best.at, path)) ?? [];
}

/** The mistakes of one issue; `at` is where the issue's own path begins, `above` the keys down to there. */
function explain(issue: Issue, at: At, above: Path): readonly Mistake[] {
  const here = issue.path.filter((key) => typeof key !== "symbol");
  const path = [...above, ...here];
  const place = down(at, here);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const allowed = allowedKeys(place);
        const message = `is not a key here; ${suggestion(key, allowed)}allowed: ${allowed.join(", ")}`;
        return { path: [...path, key], message };
      });
    case "invalid_union":
      return unionMistakes(issue, place, path);
    case "invalid_key":
      return issue.issues.map((inner) => ({ path, message: leafMessage(inner, path.at(-1)) }));
    default:
      return [{ path, message: leafMessage(issue, place.value) }];
  }
}

/** Every mistake that a zod schema finds in `value`. */
export const schemaMistakes = (
  schema: object,
  value: unknown,
  issues: readonly Issue[],
): readonly Mistake[] => issues.flatMap((issue) => explain(issue, { schema: schema as Schema, value }, []));
