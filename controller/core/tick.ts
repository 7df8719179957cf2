// What a rule is given and what it gives back. Rules stand in order of authority; what they return is folded in that
// order: a lower rule acts only inside what is left, and what it lost is kept.
import type { Considered, Input, Reason, RuleName, Setting, Skip } from "@gridwright/contract/decision.ts";
import type { GridMode } from "@gridwright/contract/messages.ts";
import { ageOf } from "@gridwright/contract/reading.ts";
import type { ReasonCode } from "@gridwright/contract/reasons.ts";
import type { Answer, Request, Role } from "@gridwright/contract/request.ts";
import type { Actuator, SiteModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { Balance } from "./balance.ts";
import type { Layout } from "./layout.ts";
import type { Memory } from "./memory.ts";
import type { PlantState } from "./state.ts";
import type { Condition } from "./step.ts";
import type { View } from "./view.ts";

/** A rule's word on one asset. */
export interface Bound {
  readonly asset: string;
  readonly set: Setting;
  readonly reason: Reason;
  readonly until: Reason;
  readonly inputs: readonly Input[];
  /** A rule that protects may still switch it off. */
  readonly soft?: true;
  readonly skipped?: readonly Skip[];
  /** Who asked for it. */
  readonly by?: Role;
  /** It would have been switched off: what keeps a load from that keeps it from this limit. */
  readonly eases?: true;
  /** Whom it could have been instead; without it: any load. */
  readonly scope?: Scope;
}

/** Loads (by index) that help against a shortage, on a phase (by index) or on all together. */
export interface Scope {
  readonly loads: readonly number[];
  readonly phase: number | "all";
}

/** The word that stands so far, by the highest rule that spoke. */
export interface Claim extends Bound {
  readonly rule: RuleName;
  readonly considered: readonly Considered[];
}
export type Claims = ReadonlyMap<string, Claim>;

export interface Tick {
  readonly model: SiteModel;
  readonly layout: Layout;
  readonly state: PlantState;
  readonly view: View;
  readonly balance: Balance;
  readonly mode: GridMode;
  /** As the rules above left it. */
  readonly memory: Memory;
  /** As the last tick left it. */
  readonly before: Memory;
  readonly requests: readonly Request[];
  readonly claims: Claims;
}

export interface Outcome {
  readonly bounds: readonly Bound[];
  readonly memory?: Partial<Memory>;
  readonly answers?: readonly Answer[];
  readonly conditions?: readonly Condition[];
}

export interface Rule {
  readonly name: RuleName;
  /** It protects people or equipment: it may switch off what a soft word above it would keep. */
  readonly protects?: true;
  readonly apply: (tick: Tick) => Outcome;
}

const ZERO = millis(0);
export const NOTHING: Outcome = { bounds: [] };
export const OFF: Setting = { kind: "switch", on: false };
export const ON: Setting = { kind: "switch", on: true };

export const reason = (code: ReasonCode, params: Reason["params"] = {}): Reason => ({ code, params });

export const sameSetting = (a: Setting, b: Setting): boolean =>
  a.kind === "switch"
    ? b.kind === "switch" && a.on === b.on
    : b.kind === a.kind && Math.abs(a.share - b.share) < 0.005;

/** No supply: its switch is off, or it may take (or give) nothing. */
export const isOff = (set: Setting | undefined): boolean =>
  set?.kind === "switch" ? !set.on : set?.kind === "limit" && set.share === 0;

/** Supply, or none, in the words of an actuator: a limit is full or nothing, a setpoint rests at 0 either way. */
export function supplySetting({ kind }: Pick<Actuator, "kind">, on: boolean): Setting {
  if (kind === "switch") return { kind, on };
  return { kind, share: kind === "limit" && on ? 1 : 0 };
}

/** What its device does by itself; undefined: it stays as it was last told. */
export function silentSetting(
  actuator: Pick<Actuator, "kind" | "silent" | "silentShare">,
): Setting | undefined {
  const { silent, silentShare } = actuator;
  if (silentShare !== undefined) return { kind: "limit", share: silentShare };
  return silent === "hold" ? undefined : supplySetting(actuator, silent);
}

/** A duration that people read, rounded up so that it does not change at each tick. */
export const coarse = (ms: number): number => {
  const step = ms > 120_000 ? 60_000 : 10_000;
  return Math.ceil(Math.max(0, ms) / step) * step;
};
/** A share in whole per cent, rounded down: what is below a threshold is also told so. */
export const wholePercent = (share: number): number => Math.floor(share * 100 + 1e-9) / 100;
export const round = (value: number, step: number): number => Math.round(value / step) * step + 0;

/** What a rule saw of `asset`'s `point`, with its age. */
export function inputOf(tick: Tick, asset: string, point: string): Input {
  const { state, layout, model } = tick;
  const source = layout.nodes.get(asset)?.points[point];
  const reading = source === undefined ? undefined : state.points.get(source);
  const unit = (source === undefined ? undefined : model.sources.get(source)?.name.kind.unit) ?? "1";
  if (reading === undefined)
    return { point: `${asset}/${point}`, value: null, unit, ageMs: ZERO, quality: "absent" };
  const age = reading.quality === "absent" ? ZERO : ageOf(reading, state.now);
  const value = reading.quality === "fresh" ? reading.value : null;
  return { point: `${asset}/${point}`, value, unit, ageMs: age, quality: reading.quality };
}

const PHASE_SUFFIX = ["l1", "l2", "l3"] as const;

/** The electrical inputs of a node on one phase: those of V, A and W that it has. */
export function meterInputs(tick: Tick, asset: string, phase: number): readonly Input[] {
  const points = tick.layout.nodes.get(asset)?.points ?? {};
  const suffix = PHASE_SUFFIX[phase] ?? "l1";
  const named = ["voltage", "current", "power"].map((base) =>
    points[`${base}_${suffix}`] === undefined ? base : `${base}_${suffix}`,
  );
  return named.filter((point) => points[point] !== undefined).map((point) => inputOf(tick, asset, point));
}
