// Builds the nodes into dist: for each one a script that needs nothing but Node-RED, its form, and its words in each
// language, where Node-RED looks for them.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import explainEn from "@gridwright/contract/words/explain-en.json" with { type: "json" };
import explainEs from "@gridwright/contract/words/explain-es.json" with { type: "json" };
import { defineConfig, type Plugin } from "vite";
import { FORMS, type NodeName } from "./src/editor/forms.ts";
import { catalogueOf, helpOf, htmlOf, type NodeWords, typeOf, type Words } from "./src/editor/html.ts";
import en from "./src/words/en.json" with { type: "json" };
import es from "./src/words/es.json" with { type: "json" };
import trialEn from "./src/words/trial-en.json" with { type: "json" };
import trialEs from "./src/words/trial-es.json" with { type: "json" };

const HERE = import.meta.dirname;
const NAMES = Object.keys(FORMS) as NodeName[];

type Told = Pick<Words, "field" | "option">;
const wordsOf = ({ field, option, ...nodes }: Told & Readonly<Record<NodeName, NodeWords>>): Words => ({
  ...{ field, option, nodes },
});
const LOCALES: Readonly<Record<string, Words>> = {
  "en-US": wordsOf(en),
  "es-ES": wordsOf(es),
  es: wordsOf(es),
};

/** What npm and Node-RED see: the built folder is the package. */
const manifest = (): string => {
  const { version, license } = JSON.parse(readFileSync(join(HERE, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  const nodes = Object.fromEntries(NAMES.map((name) => [typeOf(name), `nodes/${name}.js`]));
  const told = {
    ...{ name: "node-red-contrib-gridwright", version, license, type: "module" },
    ...{ description: "Nodes that read a gridwright plant and ask for changes", keywords: ["node-red"] },
    ...{ engines: { node: ">=22.9" }, "node-red": { version: ">=5.0.0", nodes } },
  };
  return `${JSON.stringify(told, null, 2)}\n`;
};

/** In the order in which the editor runs them. */
const SCRIPTS = ["register", "trial-told", "trial", "refusal"].map((name) => `src/editor/${name}.js`);

const rulesOf = (words: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(words).filter(([key]) => key.startsWith("rule-")));

const trialWords = (): string =>
  `window.gridwrightTrialWords = ${JSON.stringify({
    en: { ...rulesOf(explainEn), ...trialEn },
    es: { ...rulesOf(explainEs), ...trialEs },
  })};`;

const editor: Plugin = {
  name: "editor",
  writeBundle({ dir = "" }) {
    const script = [trialWords(), ...SCRIPTS.map((name) => readFileSync(join(HERE, name), "utf8"))].join(
      "\n",
    );
    const nodes = join(dir, "nodes");
    writeFileSync(join(dir, "package.json"), manifest());
    cpSync(join(HERE, "examples"), join(dir, "examples"), { recursive: true });
    for (const name of NAMES)
      writeFileSync(join(nodes, `${name}.html`), htmlOf(name, name === "site" ? script : ""));
    for (const [locale, words] of Object.entries(LOCALES)) {
      const folder = join(nodes, "locales", locale);
      mkdirSync(folder, { recursive: true });
      for (const name of NAMES) {
        writeFileSync(join(folder, `${name}.json`), catalogueOf(name, words));
        writeFileSync(join(folder, `${name}.html`), helpOf(name, words));
      }
    }
  },
};

export default defineConfig({
  plugins: [editor],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: "node22",
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(
        NAMES.map((name) => [`nodes/${name}`, join(HERE, "src/nodes", `${name}.ts`)]),
      ),
      output: { entryFileNames: "[name].js", chunkFileNames: "shared/[name].js" },
    },
  },
});
