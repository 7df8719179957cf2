// A plug under Tasmota, as its firmware behaves (support_command.ino, support_tasmota.ino): commands one by one or in
// a Backlog, PulseTime and its inversion by PowerOnState 5, periodic telemetry and reports on change. One relay.
import type { Firmware, Hardware, Message } from "./plug.ts";

/** PulseTime: tenths of a second up to 111, then seconds + 100. */
const PULSE_TENTHS_MAX = 111;
const PULSE_SECONDS_OFFSET = 100;
const PULSE_MAX = 64_900;
const TELE_PERIOD_DEFAULT = 300;
const TELE_PERIOD_MIN = 10;
const TELE_PERIOD_MAX = 3_600;
const BACKLOG_MAX = 30;
/** PowerDelta: up to 100 it is percent, above it is watts + 100. */
const DELTA_WATTS_OFFSET = 100;
const DELTA_EVERY_MS = 2_000;
const BOOT_MS = 1_500;
/** PowerOnState 5: off, and on again after PulseTime; the pulse is inverted. */
const INVERTED = 5;

interface Settings {
  telePeriod: number;
  powerDelta: number;
  powerOnState: number;
  pulseTime: number;
  /** SetOption47: seconds after power-up before the relay follows. */
  powerUpDelay: number;
  options: Map<string, string>;
}

interface Plug {
  readonly topic: string;
  readonly hardware: Hardware;
  readonly settings: Settings;
}

const onOff = (on: boolean): string => (on ? "ON" : "OFF");
const round = (value: number, digits: number): number => Number(value.toFixed(digits));
const timeText = (wall: number): string => new Date(wall).toISOString().slice(0, 19);
const pulseMs = (time: number): number =>
  time > PULSE_TENTHS_MAX ? (time - PULSE_SECONDS_OFFSET) * 1_000 : time * 100;

function energy({ hardware }: Plug): Record<string, number> {
  const measured = (point: string, digits: number, factor = 1): number =>
    round((hardware.measure(point) ?? 0) * factor, digits);
  const [watts, va] = [measured("power", 0), measured("apparent_power", 0)];
  return {
    Total: measured("energy_import", 3, 0.001),
    Yesterday: 0,
    Today: 0,
    Power: watts,
    ApparentPower: va,
    ReactivePower: round(Math.sqrt(Math.max(0, va * va - watts * watts)), 0),
    Factor: va > 0 ? round(Math.min(1, watts / va), 2) : 0,
    Voltage: measured("voltage", 0),
    Current: measured("current", 3),
  };
}

const sensor = (plug: Plug) => ({ Time: timeText(plug.hardware.wall()), ENERGY: energy(plug) });
const state = ({ hardware }: Plug) => ({
  Time: timeText(hardware.wall()),
  UptimeSec: Math.floor(hardware.now() / 1_000),
  Heap: 25,
  SleepMode: "Dynamic",
  Sleep: 50,
  POWER: onOff(hardware.relay()),
});

const json = (topic: string, body: unknown): Message => ({ topic, payload: JSON.stringify(body) });
const result = ({ topic }: Plug, body: unknown): Message => json(`stat/${topic}/RESULT`, body);

const tele = (plug: Plug): Message[] => [
  json(`tele/${plug.topic}/STATE`, state(plug)),
  json(`tele/${plug.topic}/SENSOR`, sensor(plug)),
];
const powerSaid = (plug: Plug): Message[] => {
  const POWER = onOff(plug.hardware.relay());
  return [result(plug, { POWER }), { topic: `stat/${plug.topic}/POWER`, payload: POWER }];
};

/** Starts the pulse timer, as SetPulseTimer does: when it runs out the relay goes ON if inverted, else OFF. */
function arm({ hardware, settings }: Plug, time: number): void {
  const on = hardware.relay();
  const ends = settings.powerOnState === INVERTED;
  if (time > 0 && on !== ends) hardware.set(on, pulseMs(time));
  else hardware.set(on);
}

function power(plug: Plug, payload: string): Message[] {
  const { hardware, settings } = plug;
  const wanted = {
    ON: true,
    "1": true,
    TRUE: true,
    OFF: false,
    "0": false,
    FALSE: false,
    TOGGLE: !hardware.relay(),
    "2": !hardware.relay(),
  }[payload.toUpperCase()];
  if (wanted !== undefined) {
    hardware.set(wanted);
    const deviates = settings.powerOnState === INVERTED ? !wanted : wanted;
    arm(plug, deviates ? settings.pulseTime : 0);
  }
  return powerSaid(plug);
}

function numeric(payload: string, least: number, most: number): number | undefined {
  const value = payload.trim() === "" ? Number.NaN : Number(payload);
  return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}

type Command = (plug: Plug, payload: string) => Message[];
const COMMANDS: Readonly<Record<string, Command>> = {
  POWER: power,
  PULSETIME: (plug, payload) => {
    const time = numeric(payload, 0, PULSE_MAX);
    if (time !== undefined) {
      plug.settings.pulseTime = time;
      arm(plug, time);
    }
    const { pulseTime } = plug.settings;
    return [result(plug, { PulseTime1: { Set: pulseTime, Remaining: pulseTime } })];
  },
  POWERONSTATE: (plug, payload) => {
    plug.settings.powerOnState = numeric(payload, 0, INVERTED) ?? plug.settings.powerOnState;
    return [result(plug, { PowerOnState: plug.settings.powerOnState })];
  },
  TELEPERIOD: (plug, payload) => {
    const seconds = numeric(payload, 0, TELE_PERIOD_MAX);
    if (seconds === 1) plug.settings.telePeriod = TELE_PERIOD_DEFAULT;
    else if (seconds !== undefined)
      plug.settings.telePeriod = seconds === 0 ? 0 : Math.max(TELE_PERIOD_MIN, seconds);
    return [result(plug, { TelePeriod: plug.settings.telePeriod })];
  },
  POWERDELTA: (plug, payload) => {
    plug.settings.powerDelta = numeric(payload, 0, 32_000) ?? plug.settings.powerDelta;
    return [result(plug, { PowerDelta1: plug.settings.powerDelta })];
  },
  STATUS: (plug, payload) => {
    if (payload === "8" || payload === "10")
      return [json(`stat/${plug.topic}/STATUS${payload}`, { StatusSNS: sensor(plug) })];
    if (payload === "11") return [json(`stat/${plug.topic}/STATUS11`, { StatusSTS: state(plug) })];
    return [
      json(`stat/${plug.topic}/STATUS`, {
        Status: { Topic: plug.topic, Power: plug.hardware.relay() ? 1 : 0 },
      }),
    ];
  },
  STATE: (plug) => [result(plug, state(plug))],
  BACKLOG: (plug, payload) => backlog(plug, payload),
};

function option(plug: Plug, number: string, payload: string): Message[] {
  const value = payload.trim();
  if (number === "47") plug.settings.powerUpDelay = numeric(value, 0, 255) ?? plug.settings.powerUpDelay;
  else if (value !== "")
    plug.settings.options.set(number, value === "1" ? "ON" : value === "0" ? "OFF" : value);
  const said = number === "47" ? plug.settings.powerUpDelay : (plug.settings.options.get(number) ?? "OFF");
  return [result(plug, { [`SetOption${number}`]: said })];
}

function run(plug: Plug, name: string, payload: string): Message[] {
  const upper = name.toUpperCase();
  const number = /^SETOPTION(\d+)$/.exec(upper)?.[1] ?? /^SO(\d+)$/.exec(upper)?.[1];
  if (number !== undefined) return option(plug, number, payload);
  const command = COMMANDS[upper.replace(/[01]$/, "")];
  return command === undefined ? [result(plug, { Command: "Unknown" })] : command(plug, payload);
}

function backlog(plug: Plug, payload: string): Message[] {
  return payload
    .split(";")
    .slice(0, BACKLOG_MAX)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^backlog/i.test(line))
    .flatMap((line) => {
      const [name = "", ...rest] = line.split(/\s+/);
      return run(plug, name, rest.join(" "));
    });
}

function deltaReached({ hardware, settings }: Plug, last: number): boolean {
  const change = Math.abs((hardware.measure("power") ?? 0) - last);
  if (settings.powerDelta > DELTA_WATTS_OFFSET) return change > settings.powerDelta - DELTA_WATTS_OFFSET;
  return settings.powerDelta > 0 && change > (settings.powerDelta / 100) * Math.max(1, last);
}

/** Whatever the plug has to say after a step: what changed, and its telemetry when it is due. */
function reporter(plug: Plug): () => Message[] {
  const { hardware, settings } = plug;
  let said = { relay: hardware.relay(), watts: 0, deltaAt: 0, teleAt: hardware.now() };
  return () => {
    const now = hardware.now();
    const messages: Message[] = [];
    if (hardware.relay() !== said.relay) {
      said = { ...said, relay: hardware.relay() };
      messages.push(...powerSaid(plug));
    }
    const due = settings.telePeriod > 0 && now - said.teleAt >= settings.telePeriod * 1_000;
    const moved = now - said.deltaAt >= DELTA_EVERY_MS && deltaReached(plug, said.watts);
    if (due || moved) {
      said = { ...said, watts: hardware.measure("power") ?? 0, deltaAt: now, ...(due && { teleAt: now }) };
      messages.push(...(due ? tele(plug) : tele(plug).slice(1)));
    }
    return messages;
  };
}

/** The firmware of one Tasmota plug with the factory's settings. */
export function tasmota(topic: string, hardware: Hardware): Firmware {
  const settings: Settings = {
    telePeriod: TELE_PERIOD_DEFAULT,
    powerDelta: 0,
    powerOnState: 3,
    pulseTime: 0,
    powerUpDelay: 0,
    options: new Map(),
  };
  const plug: Plug = { topic, hardware, settings };
  const lwt = `tele/${topic}/LWT`;
  let atCut = hardware.relay();
  return {
    subscribe: `cmnd/${topic}/#`,
    will: { topic: lwt, payload: "Offline", retain: true },
    hello: () => [{ topic: lwt, payload: "Online", retain: true }, ...tele(plug), ...powerSaid(plug)],
    receive: (from, payload) => run(plug, from.slice(`cmnd/${topic}/`.length), payload),
    tick: reporter(plug),
    boot: () => {
      atCut = hardware.relay();
      hardware.set(false);
      return BOOT_MS + settings.powerUpDelay * 1_000;
    },
    powerUp: () => {
      const { powerOnState } = settings;
      hardware.set(powerOnState === 1 || powerOnState === 4 || (powerOnState === 3 && atCut));
      if (powerOnState === INVERTED || powerOnState === 1) arm(plug, settings.pulseTime);
    },
  };
}
