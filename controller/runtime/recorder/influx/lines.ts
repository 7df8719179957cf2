// Points and decisions as InfluxDB line protocol. Pure. Every number travels as a float (an int against a float is
// refused), every time in ms. Measurement: the point's base name; tags: asset, channel, kind, phase, site.
import type { Decision } from "@gridwright/contract/decision.ts";
import { parsePointName } from "@gridwright/contract/points.ts";
import { render } from "@gridwright/contract/render.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { ChannelSample, Decoded } from "../decode.ts";

/** Line ends cannot be escaped in line protocol. */
const oneLine = (text: string): string => text.replaceAll(/[\r\n]+/g, " ");
const tagText = (text: string): string => oneLine(text).replaceAll(/\\$/g, "").replaceAll(/[,= ]/g, "\\$&");
const fieldText = (text: string): string => `"${oneLine(text).replaceAll(/["\\]/g, "\\$&")}"`;

/** `name,tag=value,… field=value,… time`; tags and fields in the order given, undefined and empty tags left out. */
export function line(
  name: string,
  tags: Readonly<Record<string, string | undefined>>,
  content: { readonly fields: Readonly<Record<string, number | string>>; readonly t: number },
): string {
  const head = Object.entries(tags).flatMap(([tag, value]) =>
    value === undefined || value === "" ? [] : [`,${tagText(tag)}=${tagText(value)}`],
  );
  const fields = Object.entries(content.fields).map(
    ([field, value]) => `${tagText(field)}=${typeof value === "number" ? String(value) : fieldText(value)}`,
  );
  return `${tagText(name)}${head.join("")} ${fields.join(",")} ${content.t}`;
}

function sampleLine(model: SiteModel, { channel, t, value }: ChannelSample): string[] {
  if (value === null) return [];
  const parsed = parsePointName(channel.point);
  const tags = {
    asset: channel.asset,
    channel: parsed?.channel === undefined ? undefined : String(parsed.channel),
    kind: model.assets[channel.asset]?.spec.kind,
    phase: parsed?.phase,
    site: model.site.site.id,
  };
  return [line(parsed?.base ?? channel.point, tags, { fields: { value }, t })];
}

function decisionLine(model: SiteModel, decision: Decision, t: number): string {
  const names = Object.fromEntries(Object.entries(model.assets).map(([id, { spec }]) => [id, spec.name]));
  const { asset, rule, set, reason } = decision;
  const text = render(reason, { language: "en", names });
  const value = set.kind === "switch" ? Number(set.on) : set.share;
  return line("decision", { asset, rule, site: model.site.site.id }, { fields: { text, value }, t });
}

/** The lines of a batch; `texts`: the database can keep text, so decisions go along. */
export const linesOf = (
  model: SiteModel,
  { samples, decisions }: Decoded,
  texts: boolean,
): readonly string[] => [
  ...samples.flatMap((sample) => sampleLine(model, sample)),
  ...(texts ? decisions.map(({ t, decision }) => decisionLine(model, decision, t)) : []),
];
