// A Shelly plug of the second generation, as it behaves over MQTT: JSON-RPC on <topic>/rpc, answers on <src>/rpc,
// notifications on <topic>/events/rpc, its state on <topic>/status/switch:0. Facts from the maker's API pages.
import type { Firmware, Hardware, Message } from "./plug.ts";

/** Energy is told each minute, a change of power above this many W at once. */
const NOTIFY_MS = 60_000;
const CHANGE_W = 5;
const CHANGE_EVERY_MS = 2_000;
const BOOT_MS = 3_000;
const NO_METHOD = 404;
const BAD_ARGUMENT = -103;

interface Plug {
  readonly topic: string;
  readonly hardware: Hardware;
  initialState: string;
}

type Values = Readonly<Record<string, unknown>>;
const asValues = (value: unknown): Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};

function parse(payload: string): Values {
  try {
    return asValues(JSON.parse(payload));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

const round = (value: number | undefined, digits: number): number => Number((value ?? 0).toFixed(digits));

const status = ({ hardware }: Plug) => ({
  id: 0,
  source: "MQTT",
  output: hardware.relay(),
  apower: round(hardware.measure("power"), 1),
  voltage: round(hardware.measure("voltage"), 1),
  current: round(hardware.measure("current"), 3),
  aenergy: { total: round(hardware.measure("energy_import"), 3) },
});

function notify(plug: Plug): Message[] {
  const { topic, hardware } = plug;
  const params = { ts: hardware.wall() / 1_000, "switch:0": status(plug) };
  const event = { src: topic, dst: `${topic}/events`, method: "NotifyStatus", params };
  return [
    { topic: `${topic}/events/rpc`, payload: JSON.stringify(event) },
    { topic: `${topic}/status/switch:0`, payload: JSON.stringify(status(plug)), retain: true },
  ];
}

type Outcome =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };
const failed = (code: number, message: string): Outcome => ({ error: { code, message } });

function set(plug: Plug, { id, on, toggle_after }: Values): Outcome {
  if (id !== 0 || typeof on !== "boolean") return failed(BAD_ARGUMENT, "Invalid argument");
  const wasOn = plug.hardware.relay();
  const holdMs = typeof toggle_after === "number" && toggle_after > 0 ? toggle_after * 1_000 : undefined;
  plug.hardware.set(on, holdMs);
  return { result: { was_on: wasOn } };
}

const METHODS: Readonly<Record<string, (plug: Plug, params: Values) => Outcome>> = {
  "Switch.Set": set,
  "Switch.GetStatus": (plug, { id }) =>
    id === 0 ? { result: status(plug) } : failed(BAD_ARGUMENT, "Invalid argument"),
  "Switch.GetConfig": ({ initialState }, { id }) =>
    id === 0
      ? { result: { id, initial_state: initialState, auto_on: false, auto_off: false } }
      : failed(BAD_ARGUMENT, "Invalid argument"),
  "Switch.SetConfig": (plug, { config }) => {
    const wanted = asValues(config).initial_state;
    if (typeof wanted === "string") plug.initialState = wanted;
    return { result: { restart_required: false } };
  },
};

function call(plug: Plug, payload: string): Message[] {
  const { id, src, method, params } = parse(payload);
  if (typeof method !== "string" || typeof src !== "string") return [];
  const outcome = METHODS[method]?.(plug, asValues(params)) ?? failed(NO_METHOD, `No handler for ${method}`);
  return [{ topic: `${src}/rpc`, payload: JSON.stringify({ id, src: plug.topic, dst: src, ...outcome }) }];
}

/** The firmware of one Shelly plug of the second generation. */
export function shellyGen2(topic: string, hardware: Hardware): Firmware {
  const plug: Plug = { topic, hardware, initialState: "restore_last" };
  const online = (yes: boolean): Message => ({
    topic: `${topic}/online`,
    payload: String(yes),
    retain: true,
  });
  let [relay, watts, at, full] = [hardware.relay(), 0, 0, 0];
  let atCut = relay;
  return {
    subscribe: `${topic}/rpc`,
    will: online(false),
    hello: () => [online(true), ...notify(plug)],
    receive: (from, payload) => (from === `${topic}/rpc` ? call(plug, payload) : []),
    tick: () => {
      const now = hardware.now();
      const moved =
        Math.abs((hardware.measure("power") ?? 0) - watts) > CHANGE_W && now - at >= CHANGE_EVERY_MS;
      if (hardware.relay() === relay && !moved && now - full < NOTIFY_MS) return [];
      [relay, watts, at, full] = [hardware.relay(), hardware.measure("power") ?? 0, now, now];
      return notify(plug);
    },
    boot: () => {
      atCut = hardware.relay();
      hardware.set(false);
      return BOOT_MS;
    },
    powerUp: () =>
      hardware.set(plug.initialState === "on" || (plug.initialState === "restore_last" && atCut)),
  };
}
