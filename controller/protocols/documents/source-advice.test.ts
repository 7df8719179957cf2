import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { siteOf } from "@gridwright/twin/testing/village.ts";
import { parse, stringify } from "yaml";
import { adviceOn } from "./advice.ts";

const VILLAGE = readFileSync(new URL("../../twin/sites/village.yaml", import.meta.url), "utf8");
type Tree = Record<string, Record<string, Record<string, unknown>>>;

/** Advice on the village after a change to its text: where, and what. */
function advised(change: (site: Tree & { ladder: Record<string, unknown>[] }) => void): readonly string[] {
  const site = parse(VILLAGE);
  change(site);
  return adviceOn(siteOf(stringify(site))).map(({ path, message }) => `${path.join(".")} ${message}`);
}
const genset = (keys: Readonly<Record<string, unknown>>) =>
  advised((site) => Object.assign(site.assets?.genset ?? {}, keys));

describe("advice on sources", () => {
  const table: readonly (readonly [sentence: string, advice: readonly string[], then: RegExp | undefined])[] =
    [
      ["the village needs none", genset({}), undefined],
      [
        "a row that a load step would trip",
        genset({ frequency: [{ below: "47 Hz", for: "1 s" }] }),
        /genset\.frequency\.0 trips at a load step/,
      ],
      [
        "a row where a loaded set runs",
        genset({ frequency: [{ below: "49.2 Hz", for: "9 s" }] }),
        /genset\.frequency\.0 sheds below 49\.2 Hz/,
      ],
      [
        "a second row that adds nothing",
        genset({
          voltage: [
            { below: "82 %", for: "2 s" },
            { below: "71 %", for: "3 s" },
          ],
        }),
        /genset\.voltage\.1 must be lower and shorter/,
      ],
      [
        "a load that starts and stops it at once",
        genset({ loadStart: { above: "62 %", for: "5 min", below: "71 %" } }),
        /genset\.loadStart\.below is not below/,
      ],
      [
        "a test run that waits for an outage",
        genset({ testRun: { every: "20 d", at: "10:30" } }),
        /genset\.testRun waits for an outage/,
      ],
      [
        "a last step that comes too late",
        advised((site) => Object.assign(site.assets?.battery ?? {}, { restartReserve: "12 %" })),
        /ladder\.3\.below never begins: below 22 %/,
      ],
      [
        "a grid that never returns",
        advised((site) => Object.assign(site.assets?.grid ?? {}, { returns: { frequencyMin: "52 Hz" } })),
        /grid\.returns frequencyMin is not below/,
      ],
    ];
  for (const [sentence, advice, then] of table)
    it(sentence, () =>
      then === undefined
        ? assert.deepEqual(advice, [])
        : assert.ok(
            advice.some((line) => then.test(line)),
            advice.join("\n"),
          ),
    );
});
