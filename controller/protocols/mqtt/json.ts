// Any device that speaks JSON or plain words over MQTT, told by its profile alone: a field is `<topic below>#<path>`, a
// command is a template. It knows of the device only what the profile says: without presence nobody notices that it
// left but by its age, without onFor and offFor it counts no lease.
import type { MqttPoint, MqttProfile } from "@gridwright/contract/profile.ts";
import {
  countedSeconds,
  type Field,
  type Heard,
  heardFields,
  jsonField,
  leaseSeconds,
  type MqttDialect,
  type MqttMessage,
  type NumberCommand,
  type SwitchCommand,
  wordField,
} from "./dialect.ts";

const PATH_DEPTH_MAX = 12;

/** What a payload holds: its JSON, or its text. */
function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (error) {
    if (error instanceof SyntaxError) return payload;
    throw error;
  }
}

/** The value at `a.b.0`; undefined where there is none. */
export function valueAt(body: unknown, path: string): unknown {
  let value = body;
  for (const key of path === "" ? [] : path.split(".").slice(0, PATH_DEPTH_MAX)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

const split = (field: string): readonly [below: string, path: string] => {
  const [below = "", ...path] = field.split("#");
  return [below, path.join("#")];
};

/** The topic of `below` under the device's own; nothing below: the device's own. */
export const under = (topic: string, below: string): string => (below === "" ? topic : `${topic}/${below}`);

/** The payload that brings a relay to its state, with the lease's seconds where the template takes them. */
function commandText(spec: NonNullable<MqttPoint["command"]>, wish: SwitchCommand): string {
  const seconds = countedSeconds(wish);
  const timed = wish.on ? spec.onFor : spec.offFor;
  const plain = wish.on ? spec.on : spec.off;
  const template = seconds !== undefined && timed !== undefined ? timed : plain;
  return (template ?? "").replaceAll("{seconds}", String(seconds ?? 0));
}

/** Digits of a number that is told. */
const DIGITS = 4;

/** The payload of a number; 0 seconds: no deviation is wanted any more. */
const numberText = (set: string, { value, leaseMs }: NumberCommand): string =>
  set
    .replaceAll("{value}", String(Number(value.toFixed(DIGITS))))
    .replaceAll("{seconds}", String(leaseMs === null ? 0 : leaseSeconds(leaseMs)));

function fieldsOf(points: readonly MqttPoint[], below: string, payload: string): [string, Field | null][] {
  const body = parse(payload);
  return points.flatMap(({ field }): [string, Field | null][] => {
    const [suffix, path] = split(field);
    if (suffix !== below) return [];
    const value = path === "" && typeof body === "string" ? wordField(body) : jsonField(valueAt(body, path));
    return valueAt(body, path) === undefined ? [] : [[field, value]];
  });
}

/** The dialect of one device that its profile describes, below `topic`. */
export function json(topic: string, profile: MqttProfile): MqttDialect {
  const points = Object.values(profile.points);
  const { presence, query } = profile;
  const belows = [...new Set(points.map(({ field }) => split(field)[0]))];
  const presenceTopic = presence === undefined ? undefined : under(topic, presence.topic);
  const ask: readonly MqttMessage[] =
    query === undefined ? [] : [{ topic: under(topic, query.topic), payload: query.payload }];
  const commandOf = (wanted: string) =>
    points.find(({ field, write }) => field === wanted && write === true)?.command;
  const onMessage = (from: string, payload: string): Heard => {
    if (
      presence !== undefined &&
      from === presenceTopic &&
      (payload === presence.online || payload === presence.offline)
    )
      return { online: payload === presence.online };
    const below = belows.find((each) => under(topic, each) === from);
    return below === undefined ? {} : { ...heardFields(fieldsOf(points, below, payload)), reply: true };
  };
  return {
    subscriptions: [
      ...new Set([...belows.map((below) => under(topic, below)), ...(presenceTopic ? [presenceTopic] : [])]),
    ],
    access: {
      publish: [`${topic}/#`],
      subscribe: [`${topic}/#`],
      retain: presenceTopic === undefined ? [] : [presenceTopic],
    },
    wanted: () => ({}),
    reports: query === undefined,
    ...(query === undefined && { quiet: true as const }),
    onMessage,
    query: () => ask,
    commissioning: () => [],
    resting: () => [],
    command(wish) {
      const spec = commandOf(wish.field);
      if (spec === undefined) return [];
      return [{ topic: under(topic, spec.topic), payload: commandText(spec, wish) }, ...ask];
    },
    tell(wish) {
      const spec = commandOf(wish.field);
      if (spec?.set === undefined) return [];
      return [{ topic: under(topic, spec.topic), payload: numberText(spec.set, wish) }, ...ask];
    },
  };
}
