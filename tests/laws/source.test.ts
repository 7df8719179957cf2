import assert from "node:assert/strict";
import { test } from "node:test";
import { blanked, importsOf } from "./source.ts";

const spaces = (n: number): string => " ".repeat(n);

//  case                                        source                                  what is left
const BLANKED: readonly (readonly [string, string, string])[] = [
  ["a line comment goes", "a; // Date.now()\nb;", `a; ${spaces(13)}\nb;`],
  ["a block comment goes, its lines stay", "a /* x\ny */ b", `a ${spaces(4)}\n${spaces(4)} b`],
  ["the inside of a string goes", 'f("Date.now()");', `f("${spaces(10)}");`],
  ["a quote within a string does not end it", String.raw`f("a\"b", c);`, `f("${spaces(4)}", c);`],
  ["a comment mark within a string is text", 'f("// no", c);', `f("${spaces(5)}", c);`],
  [
    "the words of a template go, its code stays",
    `f(\`at \${now()} x\`, y);`,
    `f(${spaces(6)}now()${spaces(4)}, y);`,
  ],
  ["templates nest", `\`a\${\`b\${c}\`}d\` + e`, `${spaces(8)}c${spaces(5)} + e`],
  [
    "a brace in the code of a template is not its end",
    `\`\${f({ a: 1 })}\` + e`,
    `${spaces(3)}f({ a: 1 })${spaces(2)} + e`,
  ],
  ["a regular expression goes, with its quotes", `x.match(/["'\`]/g) + y`, `x.match(${spaces(8)}) + y`],
  ["a division is no regular expression", "a / b / c", "a / b / c"],
];

for (const [name, source, expected] of BLANKED) {
  test(`blanked: ${name}`, () => assert.equal(blanked(source), expected));
}

//  case                                 source                                          specifiers
const IMPORTS: readonly (readonly [string, string, readonly string[]])[] = [
  ["a named import", 'import { a } from "./a.ts";', ["./a.ts"]],
  ["an import over several lines", 'import {\n  a,\n  type B,\n} from "./a.ts";', ["./a.ts"]],
  ["an import for its effect", 'import "./a.ts";', ["./a.ts"]],
  ["everything as one name", 'import * as fs from "node:fs";', ["node:fs"]],
  ["a re-export", 'export * from "./a.ts";\nexport { b } from "./b.ts";', ["./a.ts", "./b.ts"]],
  ["a dynamic import", 'const a = await import("./a.ts");', ["./a.ts"]],
  ["a dynamic import within a template", `f(\`\${await import("./a.ts")}\`);`, ["./a.ts"]],
  ["an import in a comment is none", '// import "./a.ts";', []],
  ["an exported constant is none", 'export const from = "./a.ts";', []],
  ["an exported list is none", 'export const list = [\n  "./a.ts",\n];', []],
];

for (const [name, source, expected] of IMPORTS) {
  test(`importsOf: ${name}`, () => {
    const found = importsOf({ path: "a.ts", text: source });
    assert.deepEqual(
      found.map(({ specifier }) => specifier),
      expected,
    );
  });
}

test("importsOf: an import of types alone is known as such", () => {
  const text =
    'import type { A } from "./a.ts";\nimport { b } from "./b.ts";\nexport type { C } from "./c.ts";';
  assert.deepEqual(
    importsOf({ path: "x.ts", text }).map(({ typeOnly }) => typeOnly),
    [true, false, true],
  );
});
