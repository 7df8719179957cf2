// Mistakes of a ledger's rules that only show between two keys: shares that are not the whole, members who are forgotten or
// have left, dates out of order.
import { heldOn, type LedgerKey } from "./ledger-spec.ts";
import type { Mistake } from "./model.ts";
import type { Site } from "./site.ts";

type Told = readonly [path: (string | number)[], message: string];

const SHARED: ReadonlySet<string> = new Set(["static", "hybrid"]);
const percent = (part: number): string => `${Math.round(part * 1e6) / 1e4} %`;
const list = (names: Iterable<string>): string => [...names].join(", ") || "none";

/** The first entry alone has no date, and each later one a later date. */
function dateMistakes(name: string, lines: readonly { readonly from?: string | undefined }[]): Told[] {
  return lines.flatMap(({ from }, place): Told[] => {
    if (place === 0)
      return from === undefined
        ? []
        : [[[name, 0, "from"], "the first holds from the beginning: leave from: away"]];
    const before = lines[place - 1]?.from ?? "";
    if (from === undefined) return [[[name, place], "say from which day it holds: from: 2026-12-01"]];
    return from > before ? [] : [[[name, place, "from"], `must be later than ${before}, the one before it`]];
  });
}

/** Members whose meter is theirs on some day on which the key holds. */
function presentUnder({ members, ledger }: Site, from: string): readonly string[] {
  return Object.keys(members).filter((member) => (ledger?.left[member] ?? "9999") > from);
}

function sumMistakes(key: LedgerKey, place: number): Told[] {
  if (key.shares === undefined) return [];
  const sum = Object.values(key.shares).reduce((all, part) => all + part, 0);
  return Math.abs(sum - 1) < 1e-9
    ? []
    : [[["keys", place, "shares"], `come to ${percent(sum)}; make them 100 % in all`]];
}

/** Everybody who is there has a place under the key, and nobody else. */
function placeMistakes(site: Site, key: LedgerKey, place: number): Told[] {
  const where = SHARED.has(key.key) ? "shares" : "order";
  const named = where === "shares" ? Object.keys(key.shares ?? {}) : (key.order ?? []).flat();
  const known = Object.keys(site.members);
  const unknown = named.filter((member) => !known.includes(member));
  const present = presentUnder(site, key.from ?? "");
  const gone = named.filter((member) => known.includes(member) && !present.includes(member));
  const forgotten = present.filter((member) => !named.includes(member));
  const path = ["keys", place, where];
  return [
    ...unknown.map((member): Told => [path, `no member "${member}"; there are: ${list(known)}`]),
    ...gone.map((member): Told => [path, `${member} has left by then (left:)`]),
    ...forgotten.map((member): Told => [path, `${member} is not named: everybody needs a place`]),
    ...(new Set(named).size < named.length ? [[path, "names somebody twice"] satisfies Told] : []),
  ];
}

/** A member may not leave while a key with shares goes on: their part would be nobody's. */
function leaveMistakes({ ledger }: Site): Told[] {
  return Object.entries(ledger?.left ?? {}).flatMap(([member, on]): Told[] => {
    const key = heldOn(ledger?.keys ?? [], on);
    const isNamed = Object.hasOwn(key?.shares ?? {}, member);
    return isNamed
      ? [
          [
            ["left", member],
            `the key that holds on ${on} still gives ${member} a share: add a key from: ${on}`,
          ],
        ]
      : [];
  });
}

function keyMistakes(site: Site, key: LedgerKey, place: number): Told[] {
  const { shares, order } = key;
  const at = (name: string): (string | number)[] => ["keys", place, name];
  if (SHARED.has(key.key)) {
    if (shares === undefined) return [[at("key"), `${key.key} needs shares:, each member's part`]];
    if (order !== undefined) return [[at("order"), "belongs to the key priority"]];
    if (Object.values(shares).some((part) => part <= 0)) return [[at("shares"), "each must be above 0 %"]];
    return [...sumMistakes(key, place), ...placeMistakes(site, key, place)];
  }
  if (shares !== undefined) return [[at("shares"), "belongs to the keys static and hybrid"]];
  if (key.key !== "priority")
    return order === undefined ? [] : [[at("order"), "belongs to the key priority"]];
  if (order === undefined) return [[at("key"), "priority needs order:, rows of members"]];
  return placeMistakes(site, key, place);
}

export function ledgerMistakes(site: Site): readonly Mistake[] {
  const { ledger } = site;
  if (ledger === undefined) return [];
  const strangers = Object.keys(ledger.left).filter((member) => !Object.hasOwn(site.members, member));
  const told: Told[] = [
    ...dateMistakes("keys", ledger.keys),
    ...dateMistakes("prices", ledger.prices),
    ...ledger.keys.flatMap((key, place) => keyMistakes(site, key, place)),
    ...strangers.map(
      (member): Told => [
        ["left", member],
        `no member "${member}"; there are: ${list(Object.keys(site.members))}`,
      ],
    ),
    ...leaveMistakes(site),
  ];
  return told.map(([path, message]) => ({ path: ["ledger", ...path], message }));
}
