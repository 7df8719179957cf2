// A device as a generic JSON profile describes it: it tells its fields where the profile finds them, takes the profile's
// commands with their seconds, and answers its question. It knows no more of JSON than that profile says.
import { type MqttProfile, PROFILE_UNITS } from "@gridwright/contract/profile.ts";
import { under } from "@gridwright/protocols/mqtt/json.ts";
import { type Firmware, fieldsOf, type Hardware, type Message, occasions, powerUp } from "./plug.ts";

const BOOT_MS = 3_000;
const WATTS = 10;

type Value = number | boolean | null;
interface Tree {
  [key: string]: Tree | Value;
}

function put(tree: Tree, path: readonly string[], value: Value): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const next = tree[key];
  const branch: Tree = typeof next === "object" && next !== null ? next : {};
  tree[key] = branch;
  put(branch, rest, value);
}

/** Everything that the profile's fields read, one payload for each topic. */
function payloads(profile: MqttProfile, hardware: Hardware): ReadonlyMap<string, string> {
  const trees = new Map<string, Tree>();
  const texts = new Map<string, string>();
  for (const [field, value = null] of fieldsOf(profile, hardware)) {
    const [below = "", path = ""] = field.split("#");
    if (path === "") texts.set(below, String(value));
    else {
      const tree = trees.get(below) ?? {};
      trees.set(below, tree);
      put(tree, path.split("."), value);
    }
  }
  for (const [below, tree] of trees) texts.set(below, JSON.stringify(tree));
  return texts;
}

/** The numbers that stand in a payload where a template has `{value}` and `{seconds}`; undefined: it is another one. */
function numbersIn(template: string | undefined, payload: string): Record<string, number> | undefined {
  if (template === undefined) return undefined;
  const literal = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  const pattern = literal
    .replace(/\{(value|seconds)\}/g, "(?<$1>-?\\d+(?:\\.\\d+)?)")
    .replace(/\{(?!\d)/g, "\\{");
  const found = new RegExp(`^${pattern}$`).exec(payload);
  return found === null
    ? undefined
    : Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, text]) => [name, Number(text)]));
}

const holdOf = ({ seconds = 0 }: Record<string, number>): number | undefined =>
  seconds > 0 ? seconds * 1_000 : undefined;

/** Does what one of the profile's commands says. */
function obey(profile: MqttProfile, payload: string, hardware: Hardware): boolean {
  for (const [point, { write, command, unit, sign }] of Object.entries(profile.points)) {
    if (write !== true || command === undefined) continue;
    for (const [template, on] of [
      [command.onFor, true],
      [command.offFor, false],
      [command.on, true],
      [command.off, false],
    ] as const) {
      const numbers = numbersIn(template, payload);
      if (numbers === undefined) continue;
      hardware.set(on, holdOf(numbers));
      return true;
    }
    const told = numbersIn(command.set, payload);
    if (told === undefined) continue;
    hardware.tell?.(point, (told.value ?? 0) * (PROFILE_UNITS[unit] ?? 1) * sign, holdOf(told));
    return true;
  }
  return false;
}

export function jsonDevice(topic: string, hardware: Hardware, profile: MqttProfile): Firmware {
  const { presence, query } = profile;
  const takes = new Set(
    Object.values(profile.points).flatMap(({ write, command }) =>
      write === true && command !== undefined ? [under(topic, command.topic)] : [],
    ),
  );
  const all = (): Message[] =>
    [...payloads(profile, hardware)].map(([below, payload]) => ({ topic: under(topic, below), payload }));
  const there = (yes: boolean): Message => ({
    topic: under(topic, presence?.topic ?? "online"),
    payload: yes ? (presence?.online ?? "true") : (presence?.offline ?? "false"),
    retain: presence !== undefined,
  });
  const due = occasions(hardware, { everyMs: profile.reportMs, watts: WATTS });
  return {
    subscribe: `${topic}/#`,
    will: there(false),
    hello: () => [...(presence === undefined ? [] : [there(true)]), ...all()],
    receive(from, payload) {
      if (query !== undefined && from === under(topic, query.topic)) return all();
      return takes.has(from) && obey(profile, payload, hardware) ? all() : [];
    },
    tick: () => (due() === undefined ? [] : all()),
    ...powerUp(hardware, BOOT_MS, () => "last"),
  };
}
