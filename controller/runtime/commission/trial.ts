// A trial write: one value for a short while, read back, and then proof that the device goes back. A device with a timer
// of its own is left to it, for that is what is tried; what did not go back by itself is written back.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Setting } from "@gridwright/contract/decision.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Device, Sampling } from "@gridwright/contract/ports.ts";
import { type Millis, type Mono, millis, seconds } from "@gridwright/contract/units.ts";

export interface TrialOptions {
  readonly device: Device;
  readonly point: string;
  readonly set: Setting;
  readonly for: Millis;
  /** The device counts the time itself and goes back without us. */
  readonly leases: boolean;
  /** The share that the device keeps to afterwards; none: it goes back to what it was. */
  readonly revertTo?: number;
  /** Value of the point at which a share is 1; none: the point is a share itself. */
  readonly full?: number;
  readonly io: Clock;
  /** Ends the trial early: the old value is written back at once. */
  readonly signal: AbortSignal;
  readonly tell: (event: TrialEvent) => void;
}

export type TrialEvent =
  | { readonly kind: "before"; readonly value: number | boolean }
  | { readonly kind: "written"; readonly value: number | boolean }
  | { readonly kind: "ended"; readonly early: boolean }
  | { readonly kind: "reverted"; readonly value: number | boolean; readonly by: "device" | "us" }
  /** The device has a timer, but its value did not go back in time. */
  | { readonly kind: "overdue"; readonly value: number | boolean };

export interface TrialResult {
  readonly before: number | boolean;
  readonly after: number | boolean;
  /** Whether the device went back without us; undefined: not tried. */
  readonly revertedByItself?: boolean;
}

const FIRST_VALUE_MAX = seconds(8);
/** After its time is over a device has this long to show that it went back: its timer counts in seconds. */
const REVERT_GRACE = seconds(4);
const COMMAND_MAX = seconds(6);
const STEP = millis(50);
const SAME = 0.005;

type Value = number | boolean;
const same = ({ full = 1 }: TrialOptions, a: Value, b: Value): boolean =>
  typeof a === "number" && typeof b === "number" ? Math.abs(a - b) <= SAME * full : a === b;
const wantedOf = ({ set, full = 1 }: TrialOptions): Value =>
  set.kind === "switch" ? set.on : set.share * full;
const settingOf = ({ set, full = 1 }: TrialOptions, value: Value): Setting =>
  typeof value === "boolean"
    ? { kind: "switch", on: value }
    : { kind: set.kind === "setpoint" ? set.kind : "limit", share: value / full };

/** The newest value of one point, as its device's samplings bring it. */
class Watched {
  #last: { readonly value: Value; readonly at: Mono } | undefined;
  readonly #io: Clock;
  readonly #stop: () => void;

  constructor({ device, point, io }: TrialOptions) {
    this.#io = io;
    this.#stop = device.onSampling(({ at, samples }: Sampling) => {
      const sample = samples.find((each) => each.point === point);
      if (sample !== undefined && "value" in sample) this.#last = { value: sample.value, at };
    });
  }

  /** The first value read at or after `since` that `fits`; undefined when there is none within `patience`. */
  async next(since: Mono, patience: Millis, fits: (value: Value) => boolean): Promise<Value | undefined> {
    for (let waited = 0; waited <= patience; waited += STEP) {
      const last = this.#last;
      if (last !== undefined && last.at >= since && fits(last.value)) return last.value;
      await this.#io.sleep(STEP);
    }
    return undefined;
  }

  get value(): Value | undefined {
    return this.#last?.value;
  }

  close(): void {
    this.#stop();
  }
}

function send(
  { device, point, revertTo, full }: TrialOptions,
  set: Setting,
  leaseMs: Millis | null,
): Promise<void> {
  const kept = { ...(revertTo !== undefined && { revertTo }), ...(full !== undefined && { full }) };
  return device.command({ point, set, leaseMs, ...kept }, AbortSignal.timeout(COMMAND_MAX));
}

/** Leaves the device as it was, or as it keeps itself; whether it did so by itself. */
async function revert(options: TrialOptions, watched: Watched, before: Value): Promise<TrialResult> {
  const { io, leases, tell } = options;
  const early = options.signal.aborted;
  const back = (value: Value): boolean => same(options, value, before);
  const itself = leases && !early ? await watched.next(io.now(), REVERT_GRACE, back) : undefined;
  if (itself !== undefined) {
    tell({ kind: "reverted", value: itself, by: "device" });
    return { before, after: itself, revertedByItself: true };
  }
  if (leases && !early) tell({ kind: "overdue", value: watched.value ?? before });
  const since = io.now();
  await send(options, settingOf(options, before), null);
  const after = await watched.next(since, REVERT_GRACE, back);
  if (after === undefined)
    throw new GridwrightError(
      "write-not-verified",
      `${options.device.id}/${options.point} was written back but does not show it: look at the device now.`,
      { place: { device: options.device.id } },
    );
  tell({ kind: "reverted", value: after, by: "us" });
  return { before, after, ...(leases && !early && { revertedByItself: false }) };
}

async function run(options: TrialOptions, watched: Watched): Promise<TrialResult> {
  const { device, point, set, io, signal, tell } = options;
  const before = await watched.next(io.now(), FIRST_VALUE_MAX, () => true);
  if (before === undefined)
    throw new GridwrightError(
      "request-timeout",
      `${device.id}/${point} could not be read (${device.status().lastError ?? "no answer"}), so nothing was written.`,
      { place: { device: device.id } },
    );
  tell({ kind: "before", value: before });
  const wanted = wantedOf(options);
  if (same(options, before, wanted))
    throw new GridwrightError(
      "usage",
      `${device.id}/${point} has that value already: a trial would show nothing. Try another value.`,
    );
  await send(options, set, options.for);
  tell({ kind: "written", value: wanted });
  // Rejects only when it is ended early.
  await io.sleep(options.for, signal).catch(() => undefined);
  tell({ kind: "ended", early: signal.aborted });
  return { ...(await revert(options, watched, options.revertTo ?? before)), before };
}

/**
 * Writes, waits, and sees the device go back. Rejects with `request-timeout` when the value cannot be read before,
 * `write-not-verified` or `modbus-exception` when the device does not take it, `usage` when it has the value already.
 */
export async function trialWrite(options: TrialOptions): Promise<TrialResult> {
  const watched = new Watched(options);
  try {
    return await run(options, watched);
  } finally {
    watched.close();
  }
}
