// A record of the journal as one line in the reader's language. Pure.
import type { ToldRecord } from "@gridwright/contract/api-past.ts";
import { settingText } from "@gridwright/contract/explain/explain.ts";
import { ruleText } from "@gridwright/contract/explain/phrases.ts";
import { nameOf, type Scene } from "@gridwright/contract/explain/scene.ts";
import { alarmReason } from "@gridwright/contract/render.ts";
import type { Request, RequestBody } from "@gridwright/contract/request.ts";
import { shareText } from "../text/numbers.ts";
import { capital, sentence } from "../text/sentence.ts";
import type { Tell, ViewWord } from "../view/words.ts";

type Body = RequestBody | { readonly kind: string };

/** Services sign for many: the role says for whom. */
const ASKERS: ReadonlySet<string> = new Set([
  "flow",
  "planner",
  "neighbour",
  "member",
  "technician",
  "admin",
]);

function askerText({ issuer, role }: Request, scene: Scene, tell: Tell): string {
  const isKnown = issuer === "services" && ASKERS.has(role);
  return isKnown ? tell(`asker-${role}` as ViewWord) : nameOf(issuer, scene);
}

/** A kind that only newer controllers know is named as it is. */
function bodyText(body: Body, scene: Scene, tell: Tell): string {
  const name = "asset" in body ? nameOf(body.asset, scene) : "alarm" in body ? body.alarm : body.kind;
  const why = "why" in body ? ` (${body.why})` : "";
  const share = "share" in body ? shareText(body.share, scene.language) : "";
  const key = "on" in body ? `body-switch-${body.on ? "on" : "off"}` : `body-${body.kind}`;
  return tell(KNOWN.has(key) ? (key as ViewWord) : "body-other", { name, share }) + why;
}
const KNOWN: ReadonlySet<string> = new Set([
  ...["body-switch-on", "body-switch-off", "body-hold", "body-clear-hold", "body-await-surplus"],
  ...["body-acknowledge", "body-withdraw", "body-limit", "body-setpoint", "body-tier"],
  ...["body-flows", "body-flows-watch", "body-agree", "body-end-agreement"],
]);

const leaseText = (record: ToldRecord & { k: "lease" }, scene: Scene, tell: Tell): string => {
  const { asset, event, desired, detail } = record;
  const set = desired === undefined ? "" : ` ${settingText(desired.set, scene)}`;
  return `${nameOf(asset, scene)}${set}: ${tell(`lease-${event}`)}${detail === undefined ? "" : ` (${detail})`}`;
};

/** What was taken as it was asked says so by its reason already. */
function answerText({ answer }: ToldRecord & { k: "answer" }, scene: Scene, tell: Tell): string {
  const why = sentence(answer.reason, scene);
  return answer.outcome === "accepted" ? why : `${tell(`answer-${answer.outcome}`)}, ${why}`;
}

/** Of services it does not say for whom they asked. */
function answerOf(record: ToldRecord & { k: "answer" }, scene: Scene, tell: Tell): string {
  const { issuer } = record.answer;
  const text = answerText(record, scene, tell);
  return issuer === "services" ? text : `${nameOf(issuer, scene)}: ${text}`;
}

/** What a record says, without its time and kind. */
export function lineOf(record: ToldRecord, scene: Scene, tell: Tell): string {
  switch (record.k) {
    case "decision": {
      const { asset, set, rule, reason, until } = record.decision;
      return `${nameOf(asset, scene)} ${settingText(set, scene)} («${ruleText(rule, scene.language)}»): ${sentence(reason, scene)}; ${sentence(until, scene)}`;
    }
    case "request":
      return `${askerText(record.request, scene, tell)} ${bodyText(record.request.body, scene, tell)}`;
    case "answer":
      return answerOf(record, scene, tell);
    case "lease":
      return leaseText(record, scene, tell);
    case "config":
      return `${tell(`config-${record.outcome}`)}${record.detail === undefined ? "" : `: ${record.detail}`}`;
    case "alarm":
      return capital(sentence(alarmReason(record, scene), scene));
    default:
      return record satisfies never;
  }
}
