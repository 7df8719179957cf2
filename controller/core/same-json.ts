// Whether two values are the same JSON: the order of an object's keys does not count, and what is undefined is not there.

type Json = unknown;
type Entries = Readonly<Record<string, Json>>;

const isObject = (value: Json): value is Entries => typeof value === "object" && value !== null;

const keysOf = (value: Entries): string[] => Object.keys(value).filter((key) => value[key] !== undefined);

/** Arrays are objects with numbered keys here; an array is never the same as an object. */
export function sameJson(a: Json, b: Json): boolean {
  if (!isObject(a) || !isObject(b)) return Object.is(a, b) || (a === 0 && b === 0);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = keysOf(a);
  return keys.length === keysOf(b).length && keys.every((key) => sameJson(a[key], b[key]));
}

/** The keys of either whose values differ. */
export function differingKeys(a: object, b: object): readonly string[] {
  const [left, right] = [a as Entries, b as Entries];
  const keys = new Set([...keysOf(left), ...keysOf(right)]);
  return [...keys].filter((key) => !sameJson(left[key], right[key]));
}
