// The doctor's words: each finding in both languages, with the same places to fill, and figures as people read them.
import assert from "node:assert/strict";
import { it } from "node:test";
import { bySeverity, CHECKS, checkName, cureText, type Finding, findingText } from "./doctor-words.ts";
import en from "./words/doctor-en.json" with { type: "json" };
import es from "./words/doctor-es.json" with { type: "json" };

const places = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name)).sort();

it("both languages have the same findings, cures and places", () => {
  assert.deepEqual(Object.keys(es), Object.keys(en));
  for (const [code, texts] of Object.entries(en)) {
    const other = es[code as keyof typeof es];
    assert.equal(other.length, texts.length, code);
    assert.deepEqual(places(other), places(texts), code);
  }
  for (const check of CHECKS) assert.ok(checkName(check, "es").length > 2);
});

const plainly = (text: string | undefined): string => (text ?? "").replaceAll("\u00a0", " ");

it("figures are read as people read them", () => {
  const rows: readonly (readonly [finding: Finding, language: "en" | "es", says: string, cure: string])[] = [
    [
      { check: "wear", severity: "ok", code: "wear-ok", params: { dayBytes: 77_500_000, years: 33 } },
      ...(["en", "78 MB a day are written to the card: about 33 years of it.", ""] as const),
    ],
    [
      {
        check: "room",
        severity: "warning",
        code: "room-low",
        params: { freeBytes: 2_320_000_000, freeRatio: 0.08 },
      },
      ...([
        "es",
        "Solo quedan 2,3 GB donde están los datos (8 %).",
        "Quite lo que no es de allí (sudo du -xh / | sort -h | tail -20 muestra lo grande); una tarjeta mayor; el diario y la historia se recortan solos, las copias van en una memoria USB.",
      ] as const),
    ],
    [
      {
        check: "certificate",
        severity: "warning",
        code: "certificate-ends",
        params: { leftMs: 9 * 86_400_000 },
      },
      ...([
        "en",
        "A certificate of the site (page, broker or database) ends in 9 days, and was not renewed.",
        "It is renewed at a start: sudo systemctl restart gridwright-services gridwright-broker",
      ] as const),
    ],
    [
      { check: "secrets", severity: "critical", code: "secret-open", params: { file: "/etc/g/token" } },
      ...(["en", "Others may read /etc/g/token.", "sudo chmod 600 /etc/g/token"] as const),
    ],
  ];
  for (const [finding, language, says, cure] of rows) {
    assert.equal(plainly(findingText(finding, language)), says);
    assert.equal(plainly(cureText(finding, language)), cure);
  }
});

it("the gravest comes first, equals as they were found", () => {
  const of = (severity: Finding["severity"], code: Finding["code"]): Finding => ({
    check: "ports",
    severity,
    code,
    params: {},
  });
  const found = [
    of("ok", "ports-ok"),
    of("warning", "port-stranger"),
    of("critical", "port-unasked"),
    of("warning", "secret-short"),
  ];
  assert.deepEqual(
    bySeverity(found).map(({ code }) => code),
    ["port-unasked", "port-stranger", "secret-short", "ports-ok"],
  );
});
