// From bytes on the live bus to the messages of the contract: the one place where services look at their shape.
// What does not fit is undefined, never a throw; what stands behind this file checks nothing again.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Decision, Reason } from "@gridwright/contract/decision.ts";
import type {
  AlarmMessage,
  BusesMessage,
  ProcessMessage,
  SnapshotMessage,
  TickMessage,
} from "@gridwright/contract/messages.ts";
import { LANGUAGES, SENTENCES } from "@gridwright/contract/reasons.ts";

/** Larger messages are refused unread. A snapshot of a 500-asset site is about 300 kB. */
export const MESSAGE_CHARS_MAX = 2_000_000;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const has = (value: Fields, type: "string" | "number" | "boolean", ...keys: readonly string[]): boolean =>
  keys.every((key) => typeof value[key] === type);

function read(payload: string): unknown {
  if (payload.length > MESSAGE_CHARS_MAX) return undefined;
  try {
    return JSON.parse(payload);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isReason = (value: unknown): value is Reason =>
  isFields(value) &&
  isFields(value.params) &&
  typeof value.code === "string" &&
  LANGUAGES.every((language) => Object.hasOwn(SENTENCES[language], String(value.code)));

const isDecision = (value: unknown): value is Decision =>
  isFields(value) &&
  has(value, "string", "asset", "rule") &&
  has(value, "number", "at") &&
  isFields(value.set) &&
  isReason(value.reason) &&
  isReason(value.until) &&
  Array.isArray(value.inputs) &&
  value.inputs.every(isFields) &&
  Array.isArray(value.considered) &&
  value.considered.every((other) => isFields(other) && isReason(other.reason));

const isAlarm = (value: unknown): value is Alarm =>
  isFields(value) &&
  has(value, "string", "id", "severity") &&
  has(value, "number", "raisedAt") &&
  isReason(value.reason);

const isStatus = (value: unknown): boolean =>
  isFields(value) &&
  has(value, "boolean", "shed", "override") &&
  has(value, "number", "since") &&
  (value.tier === undefined || typeof value.tier === "number") &&
  isReason(value.reason) &&
  isReason(value.until);

const isDevice = (value: unknown): boolean =>
  isFields(value) && has(value, "string", "quality") && has(value, "number", "errors");

const isTick = (value: unknown): value is TickMessage =>
  isFields(value) &&
  has(value, "number", "seq", "t", "m", "speed") &&
  has(value, "string", "mode") &&
  isFields(value.points) &&
  isFields(value.assets) &&
  isFields(value.devices) &&
  Object.values(value.assets).every(isStatus) &&
  Object.values(value.devices).every(isDevice);

export function parseTick(payload: string): TickMessage | undefined {
  const value = read(payload);
  return isTick(value) ? value : undefined;
}

const isFairness = (value: unknown): boolean =>
  isFields(value) &&
  has(value, "string", "supply") &&
  isFields(value.members) &&
  Object.values(value.members).every(
    (member) =>
      isFields(member) && has(member, "number", "servedWh", "offMs") && Array.isArray(member.notServedWh),
  );

const isSnapshot = (value: unknown): value is SnapshotMessage => {
  if (!isTick(value)) return false;
  const { decisions, alarms, fairness }: Fields = { ...value };
  return (
    Array.isArray(decisions) &&
    decisions.every(isDecision) &&
    Array.isArray(alarms) &&
    alarms.every(isAlarm) &&
    (fairness === undefined || isFairness(fairness))
  );
};

export function parseSnapshot(payload: string): SnapshotMessage | undefined {
  const value = read(payload);
  return isSnapshot(value) ? value : undefined;
}

export function parseDecision(payload: string): Decision | undefined {
  const value = read(payload);
  return isDecision(value) ? value : undefined;
}

export function parseAlarm(payload: string): AlarmMessage | undefined {
  const value = read(payload);
  if (!isFields(value) || !isAlarm(value.alarm)) return undefined;
  const event = value.event;
  if (event !== "raised" && event !== "cleared" && event !== "acknowledged") return undefined;
  return { event, alarm: value.alarm };
}

const isBus = (value: unknown): boolean =>
  isFields(value) &&
  has(value, "boolean", "up") &&
  has(value, "number", "requests", "timeouts", "strays", "connections") &&
  (value.utilisation === null || typeof value.utilisation === "number") &&
  isFields(value.units) &&
  Object.values(value.units).every((unit) => isFields(unit) && has(unit, "string", "breaker"));

const isBuses = (value: unknown): value is BusesMessage =>
  isFields(value) &&
  has(value, "number", "t") &&
  isFields(value.buses) &&
  Object.values(value.buses).every(isBus);

export function parseBuses(payload: string): BusesMessage | undefined {
  const value = read(payload);
  return isBuses(value) ? value : undefined;
}

const isSpread = (value: unknown): boolean => isFields(value) && has(value, "number", "p50", "p99", "max");

const isProcess = (value: unknown): value is ProcessMessage =>
  isFields(value) &&
  has(value, "number", "t", "ticks", "memoryBytes", "diskWrittenBytes") &&
  isSpread(value.latenessMs) &&
  isSpread(value.tickMs) &&
  isFields(value.journal) &&
  has(value.journal, "number", "writtenBytes", "queuedBytes", "merged", "refused") &&
  has(value.journal, "boolean", "failing");

export function parseProcess(payload: string): ProcessMessage | undefined {
  const value = read(payload);
  return isProcess(value) ? value : undefined;
}
