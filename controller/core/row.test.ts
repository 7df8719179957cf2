import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { placesOf, Row } from "./row.ts";

const places = placesOf(["main/power", "main/voltage", "pump/power"]);
const row = (): Row<number> => new Row<number>(places, [412, undefined, 96]);

describe("a row of values", () => {
  const table: readonly (readonly [sentence: string, is: () => unknown, then: unknown])[] = [
    ["gives a value by its name", () => row().get("pump/power"), 96],
    ["a name without a value has none", () => row().get("main/voltage"), undefined],
    ["nor has a name of another site", () => row().get("barn/power"), undefined],
    ["begins empty", () => [...new Row<number>(places).values()], [undefined, undefined, undefined]],
    [
      "is not changed by what its copy is given",
      () => {
        const before = row();
        const after = before.copy();
        after.set("main/power", 733);
        return [before.get("main/power"), after.get("main/power")];
      },
      [412, 733],
    ],
    [
      "drops the value of a name that it does not know",
      () => {
        const after = row();
        after.set("barn/power", 733);
        return [...after.values()];
      },
      [412, undefined, 96],
    ],
  ];
  for (const [sentence, is, then] of table) it(sentence, () => assert.deepEqual(is(), then));
});
