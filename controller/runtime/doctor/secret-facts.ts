// Whether secrets are kept as they should be: for their owner alone, and none that everybody knows. Looks at values and tells
// only the file.
import { join } from "node:path";
import type { TrustFacts } from "@gridwright/core/doctor/facts.ts";
import type { Host } from "./host.ts";

type SecretFact = TrustFacts["secrets"][number];

const OTHERS_MAY = 0o077;
const CHARS_LEAST = 8;
/** What makers ship and people type first. */
const KNOWN: ReadonlySet<string> = new Set(
  [
    "admin",
    "administrator",
    "password",
    "passw0rd",
    "changeme",
    "secret",
    "default",
    "root",
    "test",
    "guest",
  ].concat(
    [
      "raspberry",
      "pi",
      "gridwright",
      "influx",
      "influxdb",
      "mosquitto",
      "mqtt",
      "nodered",
      "grafana",
      "user",
    ],
    [
      "1234",
      "12345",
      "123456",
      "1234567",
      "12345678",
      "123456789",
      "0000",
      "1111",
      "qwerty",
      "letmein",
      "solar",
    ],
  ),
);

/** Passwords in a file: the values of a flat JSON object, or its text. */
function valuesIn(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null)
      return Object.values(value).flatMap((one) =>
        typeof one === "string"
          ? [one]
          : typeof one === "object" && one !== null && "password" in one
            ? [String(one.password)]
            : [],
      );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return [text.trim()];
}

function faultOf(host: Host, file: string): SecretFact["fault"] {
  if (((host.mode(file) ?? 0) & OTHERS_MAY) !== 0) return "open";
  const values = valuesIn(host.read(file) ?? "");
  if (values.some((value) => KNOWN.has(value.toLowerCase()))) return "default";
  return values.some((value) => value !== "" && value.length < CHARS_LEAST) ? "short" : undefined;
}

/** The files of a data folder's secrets, and those that a site names. */
export function secretFacts(
  host: Host,
  { dataDir, named }: { readonly dataDir: string; readonly named: readonly string[] },
): readonly SecretFact[] {
  const folder = join(dataDir, "secrets");
  const own = host.list(folder).map((name) => join(folder, name));
  return [...own, ...named.filter((file) => host.mode(file) !== undefined)].map((file) => ({
    file,
    fault: faultOf(host, file),
  }));
}
