// Which alarms are for members and which for technicians, what each is about, and what belongs into the story. Pure.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { ApiAlarm, ApiSite, ApiState } from "@gridwright/contract/api.ts";
import type { AlarmMessage } from "@gridwright/contract/messages.ts";
import type { Wording } from "@gridwright/contract/render.ts";
import { namesText } from "../story/names.ts";
import type { Say } from "../words/words.ts";

/** What the controller itself suffers from: nothing that a member could do or needs to know. */
const TECHNICAL: ReadonlySet<string> = new Set([
  "alarm-lateness",
  "alarm-broker",
  "alarm-journal",
  "alarm-influx",
  "alarm-no-lease",
]);
const ORDER = ["critical", "warning", "info"];

export const isTechnical = ({ reason }: ApiAlarm): boolean => TECHNICAL.has(reason.code);

/** Open ones, the worst first, then the newest. */
export const openAlarms = ({ alarms }: ApiState, technical: boolean): readonly ApiAlarm[] =>
  alarms
    .filter((alarm) => isTechnical(alarm) === technical)
    .toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || b.raisedAt - a.raisedAt);

/** A moment of the story at which an alarm began or ended. */
export interface AlarmEntry {
  readonly id: string;
  readonly kind: "alarm";
  readonly at: number;
  readonly message: AlarmMessage;
  /** Others of the same kind at that time. */
  readonly others: readonly Alarm[];
}

/** What was over this soon is no story, unless it was critical. */
const BRIEF_MS = 60_000;
const TOGETHER_MS = 60_000;

const isBrief = ({ severity, raisedAt, clearedAt }: ApiAlarm): boolean =>
  severity !== "critical" && clearedAt !== undefined && clearedAt - raisedAt < BRIEF_MS;

/** An alarm that ended before it began was raised by a plant that has begun anew since. */
function momentsOf(alarm: ApiAlarm): readonly AlarmEntry[] {
  const { id, raisedAt, clearedAt } = alarm;
  const moment = (event: "raised" | "cleared", at: number): AlarmEntry => ({
    id: `${id}-${event}-${at}`,
    kind: "alarm",
    at,
    message: { event, alarm },
    others: [],
  });
  const raised = moment("raised", raisedAt);
  if (clearedAt === undefined) return [raised];
  const cleared = moment("cleared", clearedAt);
  return clearedAt < raisedAt ? [cleared] : [cleared, raised];
}

/** The asset that an alarm is about; undefined when it is about everything. */
function subjectOf({ reason: { params } }: ApiAlarm, site: ApiSite): string | undefined {
  const { asset, source, device } = params;
  const named = asset ?? source;
  if (named !== undefined) return String(named);
  return device === undefined ? undefined : (site.devices?.[String(device)]?.asset ?? String(device));
}

/** Members' alarms as moments; of a card only what is about its own assets or about everything. */
export function alarmEntries(
  state: ApiState,
  site: ApiSite,
  card: string | undefined,
): readonly AlarmEntry[] {
  const concerns = (alarm: ApiAlarm): boolean => {
    const subject = subjectOf(alarm, site);
    if (card === undefined || subject === undefined) return true;
    return site.assets.some(({ id, member }) => id === subject && member === card);
  };
  return [...state.alarms, ...(state.cleared ?? [])]
    .filter((alarm) => !isTechnical(alarm) && !isBrief(alarm) && concerns(alarm))
    .flatMap(momentsOf)
    .sort((a, b) => b.at - a.at)
    .reduce<readonly AlarmEntry[]>(joined, []);
}

const isAlike = (a: AlarmEntry, b: AlarmEntry): boolean =>
  a.message.event === b.message.event &&
  a.message.alarm.reason.code === b.message.alarm.reason.code &&
  a.message.alarm.id !== b.message.alarm.id &&
  a.at - b.at <= TOGETHER_MS;

/** Devices that fall silent together are one line. */
function joined(entries: readonly AlarmEntry[], next: AlarmEntry): readonly AlarmEntry[] {
  const first = entries.find((entry) => next.message.alarm.reason.params.device && isAlike(entry, next));
  if (first === undefined) return [...entries, next];
  const whole = { ...first, others: [...first.others, next.message.alarm] };
  return entries.map((entry) => (entry === first ? whole : entry));
}

/** Assets that are a device of their own; of the others a device is the meter or the switch. */
const MACHINES: ReadonlySet<string> = new Set(["inverter", "battery", "pv", "generator"]);

function deviceName(device: string, site: ApiSite, say: Say): string {
  const role = site.devices?.[device];
  const asset = site.assets.find(({ id }) => id === role?.asset);
  if (role === undefined || asset === undefined) return say("device-plain", { name: device });
  const { name, kind } = asset;
  if (role.does === "switches") return say("device-switch-of", { name });
  return MACHINES.has(kind) ? name : say("device-meter-of", { name });
}

/** Names for an alarm: its device by the asset that it serves. */
export function alarmWording({ reason }: Alarm, { site, say, wording }: Named): Wording {
  const { device } = reason.params;
  if (device === undefined) return wording;
  const id = String(device);
  return { ...wording, names: { ...wording.names, [id]: deviceName(id, site, say) } };
}

/** The devices of several alarms as a person lists them; empty when there are none. */
export const devicesText = (alarms: readonly Alarm[], { site, say, wording }: Named): string =>
  namesText(
    alarms.map(({ reason }) => deviceName(String(reason.params.device), site, say)),
    wording.language,
  );

export interface Named {
  readonly site: ApiSite;
  readonly say: Say;
  readonly wording: Wording;
}
