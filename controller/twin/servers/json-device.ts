// A device as a generic JSON profile describes it: it tells its fields where the profile finds them, takes the profile's
// commands with their seconds, and answers its question. It knows no more of JSON than that profile says.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
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

/** What a command's payload wants of the relay; undefined where it is none of the profile's commands. */
function wishIn(profile: MqttProfile, payload: string): { on: boolean; holdMs?: number } | undefined {
  const command = Object.values(profile.points).find(({ write }) => write === true)?.command;
  if (command === undefined) return undefined;
  if (payload === command.on || payload === command.off) return { on: payload === command.on };
  for (const [template, on] of [
    [command.onFor, true],
    [command.offFor, false],
  ] as const) {
    const [before = "", after = ""] = template?.split("{seconds}") ?? [];
    const seconds = Number(payload.slice(before.length, payload.length - after.length));
    if (template !== undefined && payload.startsWith(before) && payload.endsWith(after) && seconds > 0)
      return { on, holdMs: seconds * 1_000 };
  }
  return undefined;
}

export function jsonDevice(topic: string, hardware: Hardware, profile: MqttProfile): Firmware {
  const { presence, query } = profile;
  const command = Object.values(profile.points).find(({ write }) => write === true)?.command;
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
      const wish =
        command !== undefined && from === under(topic, command.topic) ? wishIn(profile, payload) : undefined;
      if (wish === undefined) return [];
      hardware.set(wish.on, wish.holdMs);
      return all();
    },
    tick: () => (due() === undefined ? [] : all()),
    ...powerUp(hardware, BOOT_MS, () => "last"),
  };
}
