// Puts a JSON Schema into Markdown tables: one per section, nested forms written out. Knows nothing of site files.

export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema | false;
  /** Of a list of a fixed length. */
  readonly prefixItems?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

export interface Section {
  readonly title: string;
  readonly schema: Schema;
  readonly level?: number;
}

const code = (value: unknown): string => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const POINT_PATTERN = "[a-z0-9_]+$";
const HEAD = "| key | meaning | allowed | default | needed |\n| --- | --- | --- | --- | --- |\n";

function scalar(schema: Schema): string | undefined {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(", ");
  if (schema.pattern?.endsWith(POINT_PATTERN)) return "a point: `device/point`";
  const [min, max] = [schema.minimum, schema.maximum];
  if (min !== undefined && max !== undefined && Math.abs(max) < Number.MAX_SAFE_INTEGER)
    return `${min} … ${max}`;
  if (schema.type === "object" || schema.type === "array") return undefined;
  return typeof schema.type === "object" ? schema.type.join(" or ") : schema.type;
}

/** What may stand at a key, nested forms written out: `{ point, contact }`. */
function allowed(schema: Schema): string {
  const plain = scalar(schema);
  if (plain !== undefined) return plain;
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) return forms.map(allowed).join(" or ");
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(allowed).join(", ")}]`;
  if (schema.items) return `list of ${allowed(schema.items)}`;
  if (schema.properties !== undefined) return `\`{ ${Object.keys(schema.properties).join(", ")} }\``;
  return schema.additionalProperties ? `name → ${allowed(schema.additionalProperties)}` : "anything";
}

function rows(schema: Schema): string {
  return Object.entries(schema.properties ?? {})
    .map(([key, value]) => {
      const must = schema.required?.includes(key) && value.default === undefined ? "yes" : "";
      const fallback = value.default === undefined ? "" : code(value.default);
      const cells = [code(key), value.description ?? "", allowed(value), fallback, must];
      return `| ${cells.map(cell).join(" | ")} |\n`;
    })
    .join("");
}

const table = (schema: Schema): string => `${HEAD}${rows(schema)}\n`;

function variantName(schema: Schema): string {
  const tag = schema.properties?.kind?.const ?? schema.properties?.protocol?.const;
  return tag === undefined ? Object.keys(schema.properties ?? {}).join(", ") : String(tag);
}

/** The inner schema of a map or a list, and how it is written. */
function inside(schema: Schema): { readonly body: Schema; readonly form: string } {
  if (schema.items) return { body: schema.items, form: "A list." };
  const map = schema.additionalProperties;
  return map ? { body: map, form: "A map: id → entry." } : { body: schema, form: "" };
}

/** Keys of several variants together, so that what they share is explained once. */
const mergedOf = (variants: readonly Schema[]): Schema => ({
  properties: Object.assign({}, ...variants.map(({ properties }) => properties)) as Record<string, Schema>,
});

/** Objects inside a table's rows get a table of their own. */
function nested(title: string, schema: Schema): string {
  return Object.entries(schema.properties ?? {})
    .map(([key, value]) => {
      const forms = value.items || value;
      const several = forms.oneOf?.some(({ properties }) => properties !== undefined) === true;
      const object = several
        ? forms
        : [forms, ...(forms.anyOf ?? [])].find(({ properties }) => properties !== undefined);
      return object === undefined ? "" : section({ title: `${title}: ${key}`, schema: object, level: 4 });
    })
    .join("");
}

/** One section with its tables; empty when there is nothing to say about a plain value. */
export function section({ title, schema, level = 2 }: Section): string {
  const { body, form } = inside(schema);
  const note = [schema.description, form].filter(Boolean).join(" ");
  const head = `${"#".repeat(level)} ${title}\n\n${note === "" ? "" : `${note}\n\n`}`;
  const variants = body.oneOf ?? body.anyOf;
  if (variants === undefined)
    return body.properties === undefined ? "" : head + table(body) + nested(title, body);
  const written = variants.filter(({ properties }) => properties !== undefined);
  const tables = written.map(
    (variant) => `${"#".repeat(level + 1)} ${title}: ${variantName(variant)}\n\n${table(variant)}`,
  );
  return head + tables.join("") + nested(title, mergedOf(variants));
}
