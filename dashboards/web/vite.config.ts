// Builds the page into dist: one script, one style sheet, the service worker, nothing from another host, nothing inlined
// (the CSP forbids it).
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build, defineConfig, type Plugin } from "vite";

const WORKER = "worker.js";
const PAGE = "index.html";
const VERSION_CHARS = 16;

/** As it stands in every build here. */
const COMMON = { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } } as const;

/** A script for itself: as one more entry of the page it would tear the first view's script into parts. */
const buildWorker = (dir: string): Promise<unknown> =>
  build({
    configFile: false,
    logLevel: "warn",
    build: {
      ...COMMON,
      outDir: dir,
      emptyOutDir: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: join(import.meta.dirname, "src/offline/worker.ts"),
        output: { entryFileNames: WORKER },
      },
    },
  });

/** Tells the service worker what the page consists of, and by its hash that it is another page. */
const shell: Plugin = {
  name: "shell",
  async writeBundle({ dir = "" }) {
    const names = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
      .sort();
    const hash = createHash("sha256");
    for (const name of names) hash.update(`${name}\n`).update(readFileSync(join(dir, name)));
    const files = names.map((name) => (name === PAGE ? "./" : name));
    const parts = { version: hash.digest("hex").slice(0, VERSION_CHARS), files };
    await buildWorker(dir);
    const worker = join(dir, WORKER);
    writeFileSync(worker, `const SHELL=${JSON.stringify(parts)};\n${readFileSync(worker, "utf8")}`);
  },
};

/** Beside each script and style sheet the same compressed: nobody compresses while a phone waits. */
const compressed: Plugin = {
  name: "compressed",
  writeBundle: {
    sequential: true,
    order: "post",
    handler({ dir = "" }, bundle) {
      const names = Object.keys(bundle).filter((path) => /\.(js|css)$/.test(path));
      for (const name of [...names, WORKER]) {
        const bytes = readFileSync(join(dir, name));
        writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes));
      }
    },
  },
};

export default defineConfig({
  base: "./",
  plugins: [shell, compressed],
  build: {
    ...COMMON,
    cssCodeSplit: false,
    reportCompressedSize: true,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } } },
  },
});
