// A Tasmota plug as its firmware behaves (support_tasmota.ino: ExecuteCommandPower, CmndPulsetime, SetPowerOnState),
// on a clock that a test turns by hand, and a bus within one process that can lose a message or be gone.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { covers } from "@gridwright/protocols/mqtt/topic-filter.ts";

type Listener = (topic: string, payload: string, retained: boolean) => void;

export interface HandClock extends Clock {
  /** Moves time on in steps of 100 ms, waking sleepers on the way. */
  pass(ms: number): Promise<void>;
  onStep(listener: () => void): void;
}

export function handClock(): HandClock {
  let now = 50_000;
  const sleepers = new Map<() => void, number>();
  const steps: (() => void)[] = [];
  return {
    onStep: (listener) => {
      steps.push(listener);
    },
    now: () => mono(now),
    wall: () => epoch(now),
    sleep: (duration, signal) =>
      new Promise((resolve, reject) => {
        const wake = (): void => {
          sleepers.delete(wake);
          resolve();
        };
        sleepers.set(wake, now + duration);
        signal?.addEventListener("abort", () => {
          sleepers.delete(wake);
          reject(signal.reason);
        });
      }),
    async pass(ms) {
      for (let left = ms; left > 0; left -= 100) {
        now += Math.min(100, left);
        for (const step of steps) step();
        for (const [wake, until] of sleepers) if (until <= now) wake();
        await new Promise(setImmediate);
      }
    },
  };
}

export function fakeBus() {
  const listeners: [string, Listener][] = [];
  const state = { connected: true, said: [] as { topic: string; payload: string; retain: boolean }[] };
  const deliver: Listener = (topic, payload, retained) => {
    for (const [filter, listener] of listeners) if (covers(filter, topic)) listener(topic, payload, retained);
  };
  const bus: Bus = {
    publish(topic, payload, options) {
      state.said.push({ topic, payload, retain: options?.retain === true });
      setImmediate(() => deliver(topic, payload, false));
    },
    subscribe: (filter, listener) => {
      listeners.push([filter, listener]);
    },
    get connected() {
      return state.connected;
    },
    close: async () => undefined,
  };
  return { bus, deliver, state };
}

/** What the firmware does with its relay and its pulse timer. */
function firmware(clock: Clock, say: (leaf: string, payload: string) => void) {
  const settings = { PulseTime: 0, PowerOnState: 3, TelePeriod: 300 };
  const plug = { power: true, deaf: false };
  let pulseEnds: number | undefined;
  const pulse = (units: number): void => {
    const ms = units > 111 ? (units - 100) * 1_000 : units * 100;
    pulseEnds = units > 0 ? clock.now() + ms : undefined;
  };
  const setPower = (on: boolean): void => {
    plug.power = on;
    const counts = settings.PowerOnState === 5 ? !on : on;
    pulse(counts ? settings.PulseTime : 0);
    say("RESULT", JSON.stringify({ POWER: on ? "ON" : "OFF" }));
    say("POWER", on ? "ON" : "OFF");
  };
  return {
    settings,
    plug,
    setPower,
    execute(text: string): void {
      const [name = "", value = ""] = text.trim().split(" ");
      const isPower = /^power$/i.test(name);
      if (name in settings) settings[name as keyof typeof settings] = Number(value);
      if (name === "PulseTime") pulse(Number(value));
      if (isPower && value !== "") setPower(value === "ON");
      else
        say(
          "RESULT",
          JSON.stringify(isPower ? { POWER: plug.power ? "ON" : "OFF" } : { [name]: Number(value) }),
        );
    },
    step(): void {
      if (pulseEnds === undefined || pulseEnds > clock.now()) return;
      pulseEnds = undefined;
      setPower(settings.PowerOnState === 5);
    },
    /** Mains lost and back: what PowerOnState says. */
    powerCut(): void {
      plug.power = settings.PowerOnState === 1 || (settings.PowerOnState === 3 && plug.power);
      pulse(plug.power || settings.PowerOnState === 5 ? settings.PulseTime : 0);
    },
  };
}

/** A plug named `topic`; it hears `cmnd/<topic>/#` on the bus and ticks with the clock. */
export function fakePlug(topic: string, bus: Bus, clock: HandClock) {
  const { settings, plug, setPower, execute, step, powerCut } = firmware(clock, (leaf, payload) =>
    bus.publish(`stat/${topic}/${leaf}`, payload),
  );
  const late: string[] = [];
  const catchUp = (): void => {
    plug.deaf = false;
    for (const command of late.splice(0)) execute(command);
  };
  bus.subscribe(`cmnd/${topic}/+`, (from, payload) => {
    const leaf = from.slice(`cmnd/${topic}/`.length);
    late.push(...(leaf === "Backlog0" ? payload.split(";") : [`${leaf} ${payload}`]));
    if (!plug.deaf) catchUp();
  });
  clock.onStep(step);
  return {
    /** `deaf`: what it is told waits on the way until `catchUp`. */
    plug,
    settings,
    catchUp,
    powerCut,
    /** Somebody presses its button. */
    press: () => setPower(!plug.power),
    telemetry: (payload: string) => bus.publish(`tele/${topic}/SENSOR`, payload),
  };
}
