// What people get of the ledger: statements on the page, on paper and as tables, and meters that they read.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type LedgerAnswer, ReadingRefused, ReadingTaken } from "@gridwright/contract/api-ledger.ts";
import { YearAnswer } from "@gridwright/contract/api-year.ts";
import { SLOT_MS } from "@gridwright/contract/ledger.ts";
import { bookNote } from "@gridwright/runtime/ledger/book-note.ts";
import { bookReading } from "@gridwright/runtime/ledger/book-reading.ts";
import type { RunningLedger } from "@gridwright/runtime/ledger/ledger.ts";
import type { ServedMonth } from "@gridwright/runtime/ledger/served.ts";
import { statementPdf } from "@gridwright/runtime/ledger/statement-pdf.ts";
import { verifyLedger } from "@gridwright/runtime/ledger/verify.ts";
import { type Garden, startGarden } from "@gridwright/runtime/web/garden-web-fixture.ts";
import { needs } from "../tools/needs.ts";
import { BEGIN, dataFolder, historyOf, mill, PLAIN, type Story, settled, steady } from "./mill.ts";

const LEDGER = "/api/v1/ledger";
const silentInn: Story = (minute) =>
  minute >= 60 && minute < 400 ? { forge: steady(minute).forge ?? 0 } : steady(minute);

/** Of inn: its heater was off twice, by the ladder and by its own day; its allowance ended on one of three days. */
const SERVED: ServedMonth = {
  since: BEGIN - 3 * 86_400_000,
  members: new Map([
    [
      "inn",
      {
        offs: [
          { asset: "inn-meter", rule: "ladder", ms: 5_640_000, times: 3 },
          { asset: "inn-meter", rule: "allowance", ms: 840_000, times: 1 },
        ],
        allowed: { days: 3, grantedWh: 21_000, countedWh: 18_400, exceeded: 1 },
      },
    ],
  ]),
};

async function runningMill(): Promise<RunningLedger> {
  const history = historyOf(9, silentInn);
  const kept = await settled({ dataDir: dataFolder(), history });
  const options = { kept, history, model: mill(), jobs: () => [], wall: () => BEGIN + 12 * SLOT_MS };
  return {
    kept,
    served: { month: async () => SERVED, close: async () => undefined },
    trouble: () => null,
    read: (reading, picture) => bookReading(options, reading, picture),
    note: (by, text) => bookNote(options, { by, text }),
    close: async () => undefined,
  };
}

/** Cells of a table, without its head. */
const rows = (table: string) =>
  table
    .trim()
    .split("\r\n")
    .slice(1)
    .map((line) => line.split(","));
/** Where a person asked for it, papers are kept to be looked at. */
const toLookAt = (name: string, bytes: Buffer): void => {
  const folder = process.env.GRIDWRIGHT_SCREENSHOTS;
  if (folder !== undefined) writeFileSync(join(folder, `${name}.pdf`), bytes);
};
const as = (role: string): RequestInit => ({ headers: { cookie: `gridwright-demo-role=${role}` } });

describe("the ledger over HTTP", () => {
  let garden: Garden;
  before(async () => {
    garden = await startGarden({ model: mill(), ledger: await runningMill() });
  });
  after(() => garden.close());
  const answer = async (role: string): Promise<LedgerAnswer> =>
    (await (await garden.get(LEDGER, as(role))).json()) as LedgerAnswer;
  const text = async (path: string, role = "technician"): Promise<string> =>
    (await garden.get(`${LEDGER}/${path}`, as(role))).text();

  test("a member sees the own account and the community's, who looks after the site all", async () => {
    const [own, all] = [await answer("member"), await answer("technician")];
    assert.deepEqual(
      own.members.map(({ member }) => member),
      ["inn"],
    );
    assert.deepEqual(
      all.members.map(({ member }) => member),
      ["inn", "forge"],
    );
    assert.deepEqual(own.meters, []);
    const inn = all.meters.find(({ meter }) => meter === "inn-meter");
    assert.deepEqual([inn?.lastAt, inn?.gaps], [BEGIN + 4 * SLOT_MS, 5]);
    assert.equal(own.month, "2026-11");
    assert.equal(own.settledTo, BEGIN + 9 * SLOT_MS);
    assert.equal(own.members[0]?.gaps, 5);
    const forge = all.members.find(({ member }) => member === "forge");
    assert.equal(forge?.due, Math.round((forge?.boughtWh ?? 0) * 0.024) / 100);
    assert.ok((forge?.boughtWh ?? 0) > 2_500);
  });
  test("another home's account is not shown", async () => {
    const { status } = await garden.get(`${LEDGER}/members/forge/statement.pdf`, as("member"));
    assert.equal(status, 403);
    assert.equal((await garden.get(`${LEDGER}/quarters.csv`, as("member"))).status, 403);
  });
  test("a month as a table, its sums those of the quarters of an hour", async () => {
    const month = rows(await text("month.csv?month=2026-11"));
    const quarters = rows(await text("quarters.csv?month=2026-11"));
    assert.equal(quarters.length, 2 * 9);
    assert.match(
      (await text("quarters.csv")).split("\r\n")[2] ?? "",
      /^2026-11-10T10:00:00Z,inn,\d+,0,\d+,0,ok$/,
    );
    for (const [, member, , used] of month) {
      const sum = quarters
        .filter((cells) => cells[1] === member)
        .reduce((all, cells) => all + Number(cells[2]), 0);
      assert.equal(sum, Number(used), member);
    }
  });
  test("a statement on half a sheet, in both languages", { skip: needs("poppler-utils") }, async () => {
    for (const [language, words] of [
      [
        "en",
        /Energy account of Inn[\s\S]*Used[\s\S]*kWh[\s\S]*allowance \(3 days\)[\s\S]*To pay[\s\S]*€[\s\S]*Switched off here[\s\S]*Inn: 94 min, 3 times \(the community's ladder\)[\s\S]*14 min, once/,
      ],
      [
        "es",
        /Cuenta de energía de Inn[\s\S]*Usado[\s\S]*kWh[\s\S]*cupo[\s\S]*A pagar[\s\S]*€[\s\S]*Apagado aquí[\s\S]*94 min, 3 veces/,
      ],
    ] as const) {
      const path = `${LEDGER}/members/inn/statement.pdf?month=2026-11&language=${language}`;
      const bytes = Buffer.from(await (await garden.get(path, as("member"))).arrayBuffer());
      toLookAt(`statement-${language}`, bytes);
      const said = spawnSync("pdftotext", ["-layout", "-", "-"], { input: bytes, encoding: "utf8" }).stdout;
      assert.match(said, words);
      const { stdout } = spawnSync("pdfinfo", ["-"], { input: bytes, encoding: "utf8" });
      assert.match(stdout, /Pages:\s+1\n[\s\S]*Page size:\s+595\.28 x 419\.53 pts/);
    }
  });
  test("the community's year, which names nobody: the same for all, as data, table and one sheet", async () => {
    const year = async (role: string) => (await garden.get(`${LEDGER}/year?year=2026`, as(role))).json();
    const told = YearAnswer.parse(await year("viewer"));
    assert.deepEqual(await year("admin"), told);
    assert.deepEqual(
      [told.year, told.years, told.months.map(({ month }) => month)],
      ["2026", ["2026"], ["2026-11"]],
    );
    const { members } = await answer("technician");
    const used = members.reduce((sum, { localWh, boughtWh }) => sum + localWh + boughtWh, 0);
    assert.deepEqual([told.total.homesWh, told.total.usedWh], [used, used]);
    assert.ok(told.total.boughtWh > used && told.total.lossesWh > 0);
    assert.doesNotMatch(JSON.stringify(told), /inn|forge/i);
    const [, line] = (await text("year.csv", "member")).split("\r\n");
    assert.equal(line?.split(",")[3], String(used));
    const none = await garden.get(`${LEDGER}/year?year=2031`, as("member"));
    assert.deepEqual(YearAnswer.parse(await none.json()).months, []);
  });
  test("a meter read by hand fills what its silence left; one wrong digit is refused", async () => {
    const reads = (wh: number, { role = "technician", at = BEGIN + 9 * SLOT_MS + 420_000 } = {}) =>
      garden.get(`${LEDGER}/readings`, {
        method: "POST",
        headers: { ...as(role).headers, "content-type": "application/json" },
        body: JSON.stringify({
          meter: "inn-meter",
          at,
          wh,
          photo: "shed/2026-11-10.jpg",
        }),
      });
    const steadyWh = Array.from({ length: 9 * 15 + 1 }, (_, minute) => (steady(minute).inn ?? 0) / 60).reduce(
      (a, b) => a + b,
      0,
    );
    const right = Math.round(41_000 + steadyWh);
    assert.equal((await reads(right, { role: "member" })).status, 403);
    const refused = async (answered: Promise<Response>) => {
      const answer = await answered;
      const { why, perhapsWh, settledTo } = ReadingRefused.parse(await answer.json());
      return [answer.status, why, perhapsWh ?? settledTo];
    };
    const settledTo = BEGIN + 9 * SLOT_MS;
    assert.deepEqual(await refused(reads(right + 100_000)), [409, "too-much", right]);
    assert.deepEqual(await refused(reads(right, { at: settledTo + 13 * SLOT_MS })), [
      409,
      "ahead",
      undefined,
    ]);
    assert.deepEqual(await refused(reads(right, { at: settledTo + 2.5 * SLOT_MS })), [
      ...[409, "not-settled", settledTo],
    ]);
    const taken = await reads(right);
    assert.equal(taken.status, 200);
    const { filledWh, quarters, from, to } = ReadingTaken.parse(await taken.json());
    assert.deepEqual([quarters, from, to], [5, BEGIN + 4 * SLOT_MS, BEGIN + 9 * SLOT_MS]);
    assert.ok(filledWh > 800 && filledWh < 900, `${filledWh}`);
    const inn = (await answer("member")).members[0];
    assert.ok(Math.abs((inn?.localWh ?? 0) + (inn?.boughtWh ?? 0) - steadyWh) < 30, JSON.stringify(inn));
    assert.ok((inn?.corrected ?? 0) >= 5);
  });
});

describe("a line beside the accounts", () => {
  let garden: Garden;
  before(async () => {
    garden = await startGarden({ model: mill(), ledger: await runningMill() });
  });
  after(() => garden.close());
  test("a flow writes beside the accounts, once something is settled, and nobody else does", async () => {
    const write = (role: string, body: object) =>
      garden.get("/api/v1/flows/notes", {
        method: "POST",
        headers: { cookie: `gridwright-demo-role=${role}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    assert.equal((await write("member", { text: "the feast ran till two" })).status, 403);
    assert.equal((await write("technician", { text: " " })).status, 400);
    assert.equal((await write("technician", { text: "the feast ran till two" })).status, 204);
    const told = (await (await garden.get(LEDGER, as("member"))).json()) as LedgerAnswer;
    assert.deepEqual(told.notes, [{ at: BEGIN + 12 * SLOT_MS, text: "the feast ran till two" }]);
  });
});

test("a statement with all there can be is still half a sheet", {
  skip: needs("poppler-utils"),
}, async () => {
  const offs = Array.from({ length: 14 }, (_, place) => ({
    ...{ asset: `load-${place}`, rule: "ladder", ms: 7_260_000 - 130_000 * place, times: 2 + place },
  }));
  for (const language of ["en", "es"] as const) {
    const bytes = await statementPdf({
      statement: {
        ...{
          member: "inn",
          name: "Inn",
          month: "2026-11",
          localWh: 187_340,
          boughtWh: 94_210,
          givenWh: 41_870,
        },
        ...{ jobsWh: 6_400, due: 36.83, gaps: 7, corrected: 3, offs, offsSince: BEGIN, handRead: null },
        allowance: { days: 27, grantedWh: 310_000, countedWh: 281_550, exceeded: 4 },
      },
      ...{ language, siteName: "Mill", timezone: "Europe/Madrid", currency: "€", settledTo: BEGIN + SLOT_MS },
      names: Object.fromEntries(offs.map(({ asset }, place) => [asset, `Water heater ${place}`])),
    });
    toLookAt(`full-${language}`, bytes);
    assert.match(spawnSync("pdfinfo", ["-"], { input: bytes, encoding: "utf8" }).stdout, /Pages:\s+1\n/);
    const said = spawnSync("pdftotext", ["-layout", "-", "-"], { input: bytes, encoding: "utf8" }).stdout;
    assert.match(said, language === "en" ? /and more, [\d.]+ h together/ : /y más, [\d,]+ h en total/);
  }
});

test("what was switched off, as a table by load and rule, and its minutes in the month's", async () => {
  const garden = await startGarden({ model: mill(), ledger: await runningMill() });
  const lines = async (path: string) =>
    (await (await garden.get(`${LEDGER}/${path}?month=2026-11`, as("technician"))).text()).split("\r\n");
  assert.deepEqual((await lines("offs.csv")).slice(1), [
    "2026-11,inn,inn-meter,ladder,94,3",
    "2026-11,inn,inn-meter,allowance,14,1",
    "",
  ]);
  const [head = "", inn = ""] = await lines("month.csv");
  assert.match(head, /allowance_wh,allowance_counted_wh,days_used_up,off_minutes$/);
  assert.match(inn, /,21000,18400,1,108$/);
  assert.equal((await garden.get(`${LEDGER}/offs.csv`, as("member"))).status, 403);
  await garden.close();
});

test("of two homes the sums are shown where all agreed, and to who looks after the site", async () => {
  const asked = async (model: ReturnType<typeof mill>) => {
    const garden = await startGarden({ model, ledger: await runningMill() });
    const one = async (role: string) => {
      const { totals } = (await (await garden.get(LEDGER, as(role))).json()) as LedgerAnswer;
      return [totals !== null, (await garden.get(`${LEDGER}/year`, as(role))).status];
    };
    const all = [await one("member"), await one("technician")];
    await garden.close();
    return all;
  };
  const [open, shut] = [
    [true, 200],
    [false, 403],
  ];
  assert.deepEqual(await asked(mill()), [open, open]);
  assert.deepEqual(await asked(mill(PLAIN.replace("\n  sums: agreed", ""))), [shut, open]);
});

test("the photo of a reading is kept without its place, shown to its home, and verified", async () => {
  const ledger = await runningMill();
  const garden = await startGarden({ model: mill(), ledger });
  const photo = Buffer.from("ffd8ffe1000b4578696633372e324effdb00047165ffda0006736361e807ffd9", "hex");
  const send = (picture: Buffer) =>
    garden.get(`${LEDGER}/readings`, {
      method: "POST",
      headers: { ...as("technician").headers, "content-type": "application/json" },
      body: JSON.stringify({
        ...{ meter: "inn-meter", at: BEGIN + 9 * SLOT_MS, wh: 42_540 },
        picture: picture.toString("base64"),
      }),
    });
  assert.equal((await send(Buffer.from("<svg onload=alert(1)>"))).status, 400);
  const taken = await send(photo);
  assert.equal(taken.status, 200, await taken.text());
  const told = (await (await garden.get(LEDGER, as("member"))).json()) as LedgerAnswer;
  const hash = told.members[0]?.handRead?.photo ?? "";
  const shown = await garden.get(`${LEDGER}/photos/${hash}`, as("member"));
  assert.deepEqual([shown.status, shown.headers.get("content-type")], [200, "image/jpeg"]);
  const bytes = Buffer.from(await shown.arrayBuffer());
  assert.ok(!bytes.toString("latin1").includes("Exif") && bytes.subarray(-2).toString("hex") === "ffd9");
  assert.equal(
    (await garden.get(`${LEDGER}/photos/${hash}`, as("viewer"))).status,
    200,
    "the demo's viewer is of that home",
  );
  assert.equal((await garden.get(`${LEDGER}/photos/${"7".repeat(64)}`, as("member"))).status, 403);
  assert.equal((await garden.get(`${LEDGER}/photos/${"7".repeat(64)}`, as("technician"))).status, 404);
  const { folder } = ledger.kept;
  assert.deepEqual(
    [(await verifyLedger(folder)).fault, (await verifyLedger(folder)).photosMissing],
    [undefined, 0],
  );
  const file = join(folder, "photos", `${hash}.jpg`);
  writeFileSync(file, Buffer.concat([bytes, Buffer.of(7)]));
  assert.match(
    (await verifyLedger(folder)).fault ?? "",
    /^photos\/[0-9a-f]{64}\.jpg is not the photo that 2026-11\.jsonl names$/,
  );
  rmSync(file);
  assert.deepEqual(
    [(await verifyLedger(folder)).fault, (await verifyLedger(folder)).photosMissing],
    [undefined, 1],
  );
  await garden.close();
});

test("a site without a ledger says so", async () => {
  const garden = await startGarden();
  assert.equal((await garden.get(LEDGER)).status, 404);
  await garden.close();
});

test("the year on one sheet, in both languages", { skip: needs("poppler-utils") }, async () => {
  const garden = await startGarden({ model: mill(), ledger: await runningMill() });
  for (const [language, words] of [
    ["en", /The community's year 2026[\s\S]*Own share[\s\S]*November[\s\S]*All/],
    ["es", /El año 2026 de la comunidad[\s\S]*Parte propia[\s\S]*noviembre[\s\S]*Total/],
  ] as const) {
    const answered = await garden.get(`${LEDGER}/year.pdf?language=${language}`, as("viewer"));
    const input = Buffer.from(await answered.arrayBuffer());
    toLookAt(`year-${language}`, input);
    assert.match(spawnSync("pdftotext", ["-layout", "-", "-"], { input, encoding: "utf8" }).stdout, words);
    assert.match(spawnSync("pdfinfo", ["-"], { input, encoding: "utf8" }).stdout, /Pages:\s+1\n/);
  }
  await garden.close();
});
