// Points, decisions and alarms as InfluxDB line protocol. Pure. Every number travels as a float (an int against a float
// is refused), every time in ms. Measurements, tags and fields are those of the catalogue, and no others.
import type { Reason } from "@gridwright/contract/decision.ts";
import {
  type CHANNEL_TAGS,
  type EVENT_METRICS,
  type EventMetricName,
  metricOf,
  WORKSHOP_METRICS,
} from "@gridwright/contract/metrics.ts";
import { render } from "@gridwright/contract/render.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import type { Channel, SiteModel } from "@gridwright/contract/site/model.ts";
import { keptBeside } from "@gridwright/core/kept-beside.ts";
import type { ChannelSample, Decoded } from "../decode.ts";
import type { WorkshopSample } from "../workshop-samples.ts";

/** Line ends cannot be escaped in line protocol. */
const oneLine = (text: string): string => text.replaceAll(/[\r\n]+/g, " ");
const tagText = (text: string): string => oneLine(text).replaceAll(/\\$/g, "").replaceAll(/[,= ]/g, "\\$&");
const fieldText = (text: string): string => `"${oneLine(text).replaceAll(/["\\]/g, "\\$&")}"`;

type Tags = Readonly<Record<string, string | undefined>>;
interface Content {
  readonly fields: Readonly<Record<string, number | string>>;
  readonly t: number;
}

/** `name,tag=value,…`; tags in the order given, undefined and empty ones left out. */
function headOf(name: string, tags: Tags): string {
  const told = Object.entries(tags).flatMap(([tag, value]) =>
    value === undefined || value === "" ? [] : [`,${tagText(tag)}=${tagText(value)}`],
  );
  return `${tagText(name)}${told.join("")}`;
}

/** `name,tag=value,… field=value,… time`; fields in the order given. */
export function line(name: string, tags: Tags, { fields, t }: Content): string {
  const told = Object.entries(fields).map(
    ([field, value]) => `${tagText(field)}=${typeof value === "number" ? String(value) : fieldText(value)}`,
  );
  return `${headOf(name, tags)} ${told.join(",")} ${t}`;
}

type EventTags<E extends EventMetricName> = Record<(typeof EVENT_METRICS)[E]["tags"][number], string>;

/** What every line of a channel begins with. */
function channelHead(model: SiteModel, channel: Channel): string {
  const spec = model.assets[channel.asset]?.spec;
  const { name, phase, channel: number } = metricOf(channel.point);
  const tags: Record<(typeof CHANNEL_TAGS)[number], string | undefined> = {
    asset: channel.asset,
    channel: number,
    kind: spec?.kind,
    member: spec !== undefined && "member" in spec ? spec.member : undefined,
    phase,
    site: model.site.site.id,
    tier: spec !== undefined && "tier" in spec ? String(spec.tier) : undefined,
  };
  return headOf(name, tags);
}

const headsOf = keptBeside(
  (model: SiteModel): ReadonlyMap<Channel, string> =>
    new Map(model.channels.map((channel) => [channel, channelHead(model, channel)])),
);

function sampleLine(model: SiteModel, { channel, t, value }: ChannelSample, again = ""): string[] {
  if (value === null) return [];
  return [`${headsOf(model).get(channel) ?? channelHead(model, channel)} value=${value}${again} ${t}`];
}

interface EventContent<E extends EventMetricName> {
  readonly tags: EventTags<E>;
  readonly fields: { readonly text: string; readonly value: number };
  readonly t: number;
}
const eventLine = <E extends EventMetricName>(name: E, { tags, fields, t }: EventContent<E>): string =>
  line(name, tags, { fields, t });

function sayer(model: SiteModel): (reason: Reason) => string {
  const names = assetNames(model);
  return (reason) => render(reason, { language: "en", names });
}

/** Decisions and alarms, in words. */
function eventLines(model: SiteModel, { decisions, alarms }: Decoded): string[] {
  const say = sayer(model);
  const { id: site } = model.site.site;
  const decided = decisions.map(({ t, decision: { asset, rule, set, reason } }) => {
    const value = set.kind === "switch" ? Number(set.on) : set.share;
    return eventLine("decision", { tags: { asset, rule, site }, fields: { text: say(reason), value }, t });
  });
  const alarmed = alarms.map(({ t, open, alarm: { id, severity, reason } }) => {
    const [alarm = "", ...subject] = id.split("/");
    const tags = { alarm, severity, site, subject: subject.join("/") };
    return eventLine("alarm", { tags, fields: { text: say(reason), value: Number(open) }, t });
  });
  return [...decided, ...alarmed];
}

/** What the workshop counted; a job's id where the database keeps text. */
function workshopLine(model: SiteModel, sample: WorkshopSample, texts: boolean): string {
  const { name, value, text, t } = sample;
  const all: Tags = { ...sample.tags, site: model.site.site.id };
  const tags = Object.fromEntries(WORKSHOP_METRICS[name].tags.map((tag) => [tag, all[tag]]));
  return line(name, tags, { fields: { ...(texts && text !== undefined && { text }), value }, t });
}

/**
 * The lines of a batch; `texts`: the database can keep text, so decisions and alarms go along, and what stands is marked
 * `again`, so that what was measured can be counted. VictoriaMetrics would make a series of the mark.
 */
export const linesOf = (model: SiteModel, batch: Decoded, texts: boolean): readonly string[] => [
  ...batch.samples.flatMap((sample) => sampleLine(model, sample)),
  ...batch.repeats.flatMap((sample) => sampleLine(model, sample, texts ? ",again=1" : "")),
  ...batch.workshop.map((sample) => workshopLine(model, sample, texts)),
  ...(texts ? eventLines(model, batch) : []),
];
