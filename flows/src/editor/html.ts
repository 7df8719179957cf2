// Writes what Node-RED's editor needs of a node beside its script: the form, its registration, and words and help in each
// language. Pure; the build puts the texts where they belong.
import { type Field, FORMS, type Form, type NodeName } from "./forms.ts";

export interface NodeWords {
  readonly label: string;
  readonly help: string;
}
export interface Words {
  readonly field: Readonly<Record<string, string>>;
  readonly option: Readonly<Record<string, string>>;
  readonly nodes: Readonly<Record<string, NodeWords>>;
}

export const typeOf = (name: NodeName): string => `gridwright-${name}`;

const INPUTS: Readonly<Partial<Record<Field["kind"], string>>> = { secret: "password", time: "time" };

function inputOf({ name, kind, options, min, max }: Field, type: string, config: boolean): string {
  const id = `node-${config ? "config-" : ""}input-${name}`;
  if (kind === "select") {
    const choices = (options ?? []).map(
      (option) => `<option value="${option}" data-i18n="${type}.option.${option}"></option>`,
    );
    return `<select id="${id}">${choices.join("")}</select>`;
  }
  if (kind === "number") return `<input type="number" id="${id}" min="${min}" max="${max}">`;
  return `<input type="${INPUTS[kind] ?? "text"}" id="${id}">`;
}

const rowOf = (field: Field, type: string, config: boolean): string =>
  `<div class="form-row"><label for="node-${config ? "config-" : ""}input-${field.name}"><span data-i18n="${type}.field.${field.name}"></span></label> ${inputOf(field, type, config)}</div>`;

/** The HTML of a node; `script` is given with the first. */
export function htmlOf(name: NodeName, script: string): string {
  const type = typeOf(name);
  const form: Form = FORMS[name];
  const config = form.category === "config";
  const rows = form.fields.map((field) => `  ${rowOf(field, type, config)}`).join("\n");
  const data = JSON.stringify({ type, ...form });
  return [
    `<script type="text/html" data-template-name="${type}">\n${rows}\n</script>`,
    `<script type="text/javascript">\n(window.gridwrightForms = window.gridwrightForms || []).push(${data});\n${script}</script>`,
    "",
  ].join("\n");
}

/** The catalogue of one node in one language. */
export function catalogueOf(name: NodeName, words: Words): string {
  const form: Form = FORMS[name];
  const options = form.fields.flatMap((field) => field.options ?? []);
  const pick = (from: Readonly<Record<string, string>>, keys: readonly string[]) =>
    Object.fromEntries(keys.map((key) => [key, from[key] ?? key]));
  return JSON.stringify({
    [typeOf(name)]: {
      label: words.nodes[name]?.label ?? name,
      field: pick(
        words.field,
        form.fields.map((field) => field.name),
      ),
      option: pick(words.option, options),
    },
  });
}

export const helpOf = (name: NodeName, { nodes }: Words): string =>
  `<script type="text/markdown" data-help-name="${typeOf(name)}">\n${nodes[name]?.help ?? ""}\n</script>\n`;
