// One record of the journal as a line for people: when, what kind, about what, in words.
import { inputText, settingText } from "@gridwright/contract/explain/explain.ts";
import { ruleText } from "@gridwright/contract/explain/phrases.ts";
import { nameOf, type Scene } from "@gridwright/contract/explain/scene.ts";
import { parsePointName } from "@gridwright/contract/points.ts";
import type { JournalRecord, Seen, TickRecord } from "@gridwright/contract/records.ts";
import { durationText, render, renderAlarm } from "@gridwright/contract/render.ts";
import type { BoxBody, RequestBody } from "@gridwright/contract/request.ts";
import { millis } from "@gridwright/contract/units.ts";

/** The names that a tick's places stand for: of the last snapshot. */
export interface Teller {
  readonly scene: Scene;
  readonly points: readonly string[];
}

const QUALITY = { s: "stale", b: "bad", a: "absent" } as const;

function seenText(source: string, seen: Seen, scene: Scene): string {
  const unit = parsePointName(source.split("/")[1] ?? "")?.kind.unit ?? "";
  const known = typeof seen === "object" ? null : seen;
  const quality = typeof seen === "object" ? QUALITY[seen[0]] : "fresh";
  return `${source} ${inputText({ point: source, value: known, unit, ageMs: millis(0), quality }, scene).value}`;
}

function tickText({ c = {}, d = {}, n }: TickRecord, { points, scene }: Teller): string {
  const news = Object.entries(c).map(([place, seen]) =>
    seenText(points[Number(place)] ?? `point ${place}`, seen, scene),
  );
  const merged = n === undefined ? "" : `${n} ticks merged; `;
  const groups = Object.keys(d).length;
  if (news.length > 0) return merged + news.join(", ");
  return `${merged}${groups === 0 ? "nothing new" : `${groups} groups answered, nothing changed`}`;
}

function boxText(body: BoxBody): string {
  if (body.kind === "box-line")
    return `the line of the box ${body.device} is ${body.lend ? "asked for" : "given back"}: ${body.why}`;
  const { device, gains, why } = body;
  const counts =
    gains === null ? "as the site file says" : `${gains.voltsPerCount} V and ${gains.ampsPerCount} A`;
  return `one count of the box ${device} is ${counts}: ${why}`;
}

function bodyText(body: RequestBody, scene: Scene): string {
  switch (body.kind) {
    case "switch":
      return `${nameOf(body.asset, scene)} ${body.on ? "on" : "off"}: ${body.why}`;
    case "hold":
      return `hold ${nameOf(body.asset, scene)} off: ${body.why}`;
    case "clear-hold":
      return `clear the hold of ${nameOf(body.asset, scene)}: ${body.why}`;
    case "await-surplus":
      return `let ${nameOf(body.asset, scene)} wait for sun: ${body.why}`;
    case "limit":
      return `${nameOf(body.asset, scene)} at ${Math.round(body.share * 100)} % at most: ${body.why}`;
    case "setpoint":
      return `${nameOf(body.asset, scene)} at ${Math.round(body.share * 100)} % (positive gives): ${body.why}`;
    case "tier":
      return `${nameOf(body.asset, scene)} counts as tier ${body.tier}: ${body.why}`;
    case "withdraw":
      return `${nameOf(body.asset, scene)} no longer asked for: ${body.why}`;
    case "flows":
      return `the technicians' flows ${body.alive ? "run" : "are lost"}: ${body.why}`;
    case "flows-watch":
      return body.failed === null
        ? "the technicians' flows are in order again"
        : `version ${body.failed.version} of the technicians' flows failed (${body.failed.why}); ${body.failed.back === null ? "none runs" : `version ${body.failed.back} comes back`}`;
    case "acknowledge":
      return `acknowledge the alarm ${body.alarm}`;
    case "use":
      return `${nameOf(body.machine, scene)} ran ${durationText(millis(body.runMs), scene.language)} in all, ${body.starts} starts${body.job === undefined ? "" : `; ${body.job.id} ${body.job.outcome} with ${Math.round(body.job.energyWh)} Wh`}`;
    case "box-line":
    case "box-gains":
      return boxText(body);
    case "agree":
      return `${body.agreement.emergency ? "emergency rule" : "agreement"}: ${body.agreement.title}`;
    case "end-agreement":
      return `end of ${body.agreement}: ${body.why}`;
    default:
      return body satisfies never;
  }
}

const leaseText = (record: JournalRecord & { k: "lease" }, scene: Scene): string => {
  const { asset, event, desired, deadline, m, detail } = record;
  const set = desired === undefined ? "" : ` ${settingText(desired.set, scene)}`;
  const ends =
    deadline === undefined ? "" : `, ends by itself in ${durationText(deadline - m, scene.language)}`;
  return `${nameOf(asset, scene)}${set}: ${event}${ends}${detail === undefined ? "" : ` (${detail})`}`;
};

/** What a record says, without its time. */
export function recordText(record: JournalRecord, teller: Teller): string {
  const { scene } = teller;
  switch (record.k) {
    case "tick":
      return tickText(record, teller);
    case "snapshot":
      return `${record.cause}; site ${record.siteHash.slice(0, 8)}, ${record.points.length} points, ${record.alarms.length} alarms`;
    case "decision": {
      const { asset, set, rule, reason, until } = record.decision;
      return `${nameOf(asset, scene)} ${settingText(set, scene)} by «${ruleText(rule, scene.language)}»: ${render(reason, scene)}; ${render(until, scene)}`;
    }
    case "request":
      return `${nameOf(record.request.issuer, scene)} (${record.request.role}): ${bodyText(record.request.body, scene)}`;
    case "answer":
      return `${nameOf(record.answer.issuer, scene)}: ${record.answer.outcome}, ${render(record.answer.reason, scene)}`;
    case "lease":
      return leaseText(record, scene);
    case "config":
      return `${record.outcome}; site ${record.siteHash.slice(0, 8)}${record.detail === undefined ? "" : `: ${record.detail}`}`;
    case "alarm":
      return `${record.event}: ${renderAlarm(record, scene)}`;
    default:
      return record satisfies never;
  }
}
