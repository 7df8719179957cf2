// Every link from a page of the repository to a file in it leads somewhere.
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./root.ts";

const built = /(^|\/)(node_modules|dist(\.[^/]*)?|\.cache|data)(\/|$)/;

/** Links of a page that lead to a file, without what follows `#`. */
const linksIn = (text: string): readonly string[] =>
  [...text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "").matchAll(/\]\((?!https?:|mailto:|#)([^)\s]+)\)/g)].map(
    ([, link = ""]) => link.replace(/#.*$/, ""),
  );

test("links that lead nowhere are found", () =>
  assert.deepEqual(
    linksIn("[a](b.md#c), [d](https://e.test), `[f](g.md)`, ![h](i.png)\n```\n[j](k.md)\n```"),
    ["b.md", "i.png"],
  ));

test("every link of every page leads to a file", () => {
  const pages = globSync("**/*.md", { cwd: ROOT, exclude: (path) => built.test(path) });
  assert.ok(pages.length > 30);
  const lost = pages.flatMap((page) =>
    linksIn(readFileSync(join(ROOT, page), "utf8"))
      .filter((link) => link !== "" && !existsSync(join(ROOT, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  );
  assert.deepEqual(lost, []);
});
