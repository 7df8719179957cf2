// `gridwright write`: a trial of one switch or limit. It is for a short while, read back, and goes back; what feeds the
// controller is never written. While control runs the wish goes to control, which weighs it like any other.
import type { Setting } from "@gridwright/contract/decision.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { parseQuantity } from "@gridwright/contract/quantity-text.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { Actuator, SiteModel } from "@gridwright/contract/site/model.ts";
import { isUntried } from "@gridwright/contract/site/untried.ts";
import { millis } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { type TrialEvent, type TrialResult, trialWrite } from "@gridwright/runtime/commission/trial.ts";
import { createModbusBus } from "@gridwright/runtime/modbus/modbus-bus.ts";
import { loadSite } from "../load-site.ts";
import { ask } from "./ask.ts";
import { findRunning, quiet } from "./operator.ts";
import { valueText } from "./reading-text.ts";
import { findTarget } from "./target.ts";

export interface WriteCommand {
  readonly target: string;
  readonly value: string;
  readonly forMs: number;
  readonly why: string;
  readonly iWillRevert: boolean;
  readonly data: string;
  readonly config?: string;
  readonly json: boolean;
  readonly write: (line: string) => void;
  readonly signal: AbortSignal;
}

const usage = (message: string): GridwrightError => new GridwrightError("usage", message);

/** What people call the point: its own name where it is no share. */
const nameOf = ({ full, kind, point }: Actuator): string => (full === undefined ? kind : point);

/** The switch or limit that is meant. Throws `usage` for what cannot or must not be written. */
export function actuatorOf(model: SiteModel, text: string): Actuator {
  const target = findTarget(model, text);
  const actuator = model.assets[target.id]?.actuator;
  if (target.kind === "device")
    throw usage(
      `${target.id} is a device: only an asset is written, for it says what hangs behind the point.`,
    );
  if (actuator === undefined)
    throw usage(`${target.id} has nothing to write: its site entry has neither switch: nor limit:.`);
  const own = nameOf(actuator);
  const named = target.points.some(({ name }) => name === own);
  if (!named || !text.includes("/")) throw usage(`Only ${target.id}/${own} can be written.`);
  // Not `locked`: an untried device is locked for control alone, and this is its trial.
  const spec = model.assets[target.id]?.spec;
  if (spec !== undefined && isConsumer(spec) && spec.feedsController === true)
    throw usage(`${target.id} feeds the controller itself (feedsController): it is never written.`);
  return actuator;
}

/** Of an AC input: `12 A`. */
function ampsOf({ asset, point }: Actuator, { full, text }: { full: number; text: string }): Setting {
  const parsed = parseQuantity(text, "A");
  if (!parsed.ok) throw usage(`${asset}/${point}: ${parsed.why}.`);
  if (!(parsed.value >= 0 && parsed.value <= full))
    throw usage(`${asset}/${point} goes from 0 A to inputMax, ${full} A.`);
  return { kind: "limit", share: parsed.value / full };
}

/** `on`, `off`, a share such as `60 %`, or amperes. Throws `usage`. */
export function settingOf(actuator: Actuator, text: string): Setting {
  const { kind, asset, full } = actuator;
  if (full !== undefined) return ampsOf(actuator, { full, text });
  if (kind === "switch") {
    if (text !== "on" && text !== "off") throw usage(`${asset}/switch takes on or off, not "${text}".`);
    return { kind: "switch", on: text === "on" };
  }
  const parsed = parseQuantity(/^\d+$/.test(text) ? Number(text) : text, "%");
  if (!parsed.ok) throw usage(`${asset}/${kind}: ${parsed.why}.`);
  const least = kind === "limit" ? 0 : -1;
  if (!(parsed.value >= least && parsed.value <= 1))
    throw usage(`${asset}/${kind} goes from ${least * 100} % to 100 %.`);
  return { kind, share: parsed.value };
}

/** Supply to coil and back: an energised normally-closed contact takes the supply away. */
const wired = <T extends number | boolean>({ inverted }: Actuator, value: T): number | boolean =>
  typeof value === "boolean" ? value !== inverted : value;

const coilOf = (actuator: Actuator, set: Setting): Setting =>
  set.kind === "switch" ? { kind: "switch", on: set.on !== actuator.inverted } : set;

function sentence(event: TrialEvent, actuator: Actuator, forMs: number): string {
  const text = (value: number | boolean): string =>
    valueText(nameOf(actuator), wired(actuator, value)).join(" ").trim();
  switch (event.kind) {
    case "before":
      return `before       ${text(event.value)}`;
    case "written":
      return `written      ${text(event.value)}, read back; for ${forMs / 1_000} s (Ctrl-C ends it at once)`;
    case "ended":
      return event.early ? "ended        by Ctrl-C" : "ended        its time is over";
    case "overdue":
      return `NOT BACK     still ${text(event.value)}: the device did not go back by itself; writing it back`;
    case "reverted":
      return event.by === "device"
        ? `back         ${text(event.value)}, by the device itself`
        : `back         ${text(event.value)}, written back and read`;
    default:
      return event satisfies never;
  }
}

/** Only what the device itself ends, or what somebody stands beside, is written. */
function mayWrite({ leases, asset }: Actuator, iWillRevert: boolean): void {
  if (!leases && !iWillRevert)
    throw usage(
      `The device of ${asset} cannot go back by itself: if this terminal or the cable fails, it stays as written. Stand beside it and add --i-will-revert.`,
    );
}

async function direct(command: WriteCommand, model: SiteModel): Promise<TrialResult> {
  const actuator = actuatorOf(model, command.target);
  const set = settingOf(actuator, command.value);
  mayWrite(actuator, command.iWillRevert);
  const device = model.devices[actuator.device];
  if (device === undefined || device.link.kind === "mqtt" || device.link.kind === "box")
    throw usage(`${actuator.device} is no Modbus device: start gridwright, then write through it.`);
  const io = hostClock();
  const bus = createModbusBus({
    ...{ link: device.link, devices: [device], clock: io, io, random: Math.random, log: quiet },
  });
  try {
    const [open] = bus.devices;
    if (open === undefined) throw new GridwrightError("internal", "a bus without its device");
    return await trialWrite({
      ...{ device: open, point: actuator.point, set: coilOf(actuator, set), for: millis(command.forMs) },
      ...{ leases: actuator.leases, io, signal: command.signal },
      ...(actuator.silentShare !== undefined && { revertTo: actuator.silentShare }),
      ...(actuator.full !== undefined && { full: actuator.full }),
      tell: (event) => {
        if (!command.json) command.write(sentence(event, actuator, command.forMs));
      },
    });
  } finally {
    await bus.close();
  }
}

/** While control runs: a wish for a load goes to it; anything else would be a second master on the bus. */
function request(command: WriteCommand, model: SiteModel): Promise<number> {
  const actuator = actuatorOf(model, command.target);
  const set = settingOf(actuator, command.value);
  if (set.kind !== "switch")
    throw usage(
      `Control runs and sets ${actuator.asset}/${set.kind} itself; it takes no such value from a terminal yet. End it, then try the write with --config site.yaml.`,
    );
  const body = { kind: "switch" as const, asset: actuator.asset, on: set.on, why: command.why };
  const { data, json, write, forMs } = command;
  return ask({ body, data, ttlMs: forMs, json, write });
}

/** Tries the write; returns the exit code: 0 when it was taken and went back. */
export async function runWrite(command: WriteCommand): Promise<number> {
  const running = findRunning(command.data);
  if (running !== undefined && command.config === undefined)
    return request(command, loadSite(running.siteFile).model);
  if (command.config === undefined)
    throw usage(
      `Nothing runs on ${command.data}. Name the site: --config site.yaml writes to its device directly.`,
    );
  const { model } = loadSite(command.config);
  if (running !== undefined && loadSite(running.siteFile).model.site.site.id === model.site.site.id)
    throw usage("Control runs on this site: leave --config out, so that control weighs the wish.");
  const result = await direct(command, model);
  if (command.json) command.write(JSON.stringify(result));
  else for (const line of lesson(result, model, command.target)) command.write(`\n${line}`);
  return result.revertedByItself === false ? 1 : 0;
}

/** What the trial showed, for a person. */
function lesson(result: TrialResult, model: SiteModel, target: string): readonly string[] {
  if (result.revertedByItself === false)
    return [
      "Its own timer does not work: do not rely on it. Without gridwright it would have stayed as written.",
    ];
  const actuator = actuatorOf(model, target);
  return isUntried(model, actuator)
    ? [
        `It works. Write writesTried: true at device ${actuator.device} in the site file; from then on control may set it.`,
      ]
    : [];
}
