import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { check } from "./commands/check.ts";
import { checkSite, loadSite } from "./load-site.ts";

const folder = mkdtempSync(join(tmpdir(), "gridwright-load-site-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const OWN_METER = `
profile: eastron-sdm120
title: Our own reading of the meter
licence: CC0-1.0
source: the plate on the meter
tried: hardware 2.14
protocol: modbus
points: { power: { table: input, address: 12, type: float32, unit: kW } }
`;
const OWN_BOARD = `
profile: barn-board
title: The board in the barn
licence: CC0-1.0
source: its maker's leaflet
tried: simulated
protocol: modbus
points: { relay: { table: coil, address: 3, type: bool, write: { function: 5, fallback: none } } }
`;

interface Given {
  readonly profiles?: Readonly<Record<string, string>>;
  readonly board?: string;
}

/** Writes a site file with profiles beside it; gives its path. */
function site(name: string, { profiles = {}, board = "" }: Given): string {
  mkdirSync(join(folder, name, "profiles"), { recursive: true });
  for (const [file, text] of Object.entries(profiles))
    writeFileSync(join(folder, name, "profiles", file), text);
  const file = join(folder, name, "site.yaml");
  writeFileSync(
    file,
    [
      "gridwright: 1",
      "site: { id: barn, name: Barn }",
      "links: { line: { kind: modbus-rtu-tcp, host: 10.1.2.3, port: 502 } }",
      "devices:",
      "  meter: { link: line, unit: 4, profile: eastron-sdm120 }",
      `  board: { link: line, unit: 7, profile: barn-board${board} }`,
      "assets:",
      "  barn: { kind: feeder, name: Barn, measure: meter }",
      "  mill: { kind: load, name: Mill, tier: 3, rating: 2 kVA, switch: board/relay, onSilence: off }",
    ].join("\n"),
  );
  return file;
}

const both = { "meter.yaml": OWN_METER, "board.yaml": OWN_BOARD };

test("a profile in the site's own folder replaces one that came along, another one is added", () => {
  const { model } = loadSite(site("both", { profiles: both }));
  assert.deepEqual(model.devices.meter?.points, ["power"]);
  assert.equal(model.devices.board?.profile.title, "The board in the barn");
});

test("without them the meter is the one that came along, and the board is missing", () => {
  const { mistakes } = checkSite(site("none", {}));
  assert.match(
    mistakes.map(({ message }) => message).join("\n"),
    /^no profile "barn-board"; all \d+ are in docs\/devices.* \(looked in \/.*\/protocols\/profiles and \/.*\/none\/profiles\)$/,
  );
});

test("a broken profile is named with its file and line, and the site does not load", () => {
  const broken = OWN_BOARD.replace("type: bool", "type: uint16");
  const file = site("broken", { profiles: { ...both, "board.yaml": broken } });
  const [mistake] = checkSite(file).mistakes;
  assert.match(
    `${mistake?.file}:${mistake?.line} ${mistake?.message}`,
    /board\.yaml:8 a coil cannot be uint16/,
  );
  assert.throws(() => loadSite(file), /board\.yaml:8 points\.relay\.type/);
});

test("a broken profile is not said to be missing too, and the page of its keys is named", () => {
  const broken = OWN_BOARD.replace("type: bool", "type: uint16");
  const file = site("named", { profiles: { "meter.yaml": OWN_METER, "barn-board.yaml": broken } });
  const lines: string[] = [];
  assert.equal(check(file, { json: false, write: (line) => lines.push(line) }), 1);
  assert.match(
    lines.join("\n"),
    /^mistake {2}\S+barn-board\.yaml:8 points\.relay\.type: a coil cannot be uint16/,
  );
  assert.match(
    lines.join("\n"),
    /^1 mistake; nothing was started\. The keys are explained in docs\/profile\.md\.$/m,
  );
});

const rows: readonly [sentence: string, given: string, locked: boolean, advice: RegExp][] = [
  ["a profile that was never tried is only read", "", true, /only read.*writesTried: true/],
  ["after its trial write it is switched", ", writesTried: true", false, /cannot count a lease/],
];

test("what is switched depends on a trial", () => {
  for (const [index, [sentence, board, locked, advice]] of rows.entries()) {
    const loaded = loadSite(site(`trial-${index}`, { profiles: both, board }));
    assert.equal(loaded.model.assets.mill?.actuator?.locked, locked, sentence);
    assert.match(loaded.advice.map(({ message }) => message).join("\n"), advice, sentence);
  }
});
