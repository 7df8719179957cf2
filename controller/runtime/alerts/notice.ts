// What a channel is given: an alert in the community's language. No value of a device but those that the sentence names.
import type { Alarm, Severity } from "@gridwright/contract/alarms.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import { render, renderAlarm } from "@gridwright/contract/render.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Alert } from "@gridwright/core/alerts/alert-step.ts";

export interface Notice {
  readonly site: string;
  /** The alarm's id; `test` for a try. */
  readonly id: string;
  readonly event: Alert["event"] | "test";
  readonly severity: Severity;
  readonly title: string;
  readonly text: string;
  /** ms since 1970 UTC, plant time. */
  readonly at: number;
}

const WORDS: Readonly<Record<Language, Readonly<Record<Severity | "over" | "test", string>>>> = {
  en: {
    critical: "Urgent",
    warning: "Warning",
    info: "Note",
    over: "Over",
    test: "This is a try. Alarms of the site come this way.",
  },
  es: {
    critical: "Urgente",
    warning: "Aviso",
    info: "Nota",
    over: "Terminado",
    test: "Esto es una prueba. Las alarmas del sitio llegan así.",
  },
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const languageOf = ({ site }: SiteModel): Language => site.alerts.language;

/** An alert in words, with what else its alarm says of its cause. */
export function noticeOf(
  model: SiteModel,
  { event, alarm }: Alert<Alarm & { readonly cause?: Reason }>,
  language: Language = languageOf(model),
): Notice {
  const { name } = model.site.site;
  const wording = { language, names: assetNames(model) };
  const said = renderAlarm({ event: event === "over" ? "cleared" : "raised", alarm }, wording);
  const { severity, cause } = alarm;
  const why = event === "raised" && cause !== undefined ? ` ${sentence(render(cause, wording))}` : "";
  return {
    ...{ site: name, id: alarm.id, event, severity, text: `${sentence(said)}${why}`, at: alarm.raisedAt },
    title: `${WORDS[language][event === "over" ? "over" : severity]} · ${name}`,
  };
}

/** What a test sends. */
export function tryNotice(model: SiteModel, at: number, language: Language = languageOf(model)): Notice {
  const { name } = model.site.site;
  const { test } = WORDS[language];
  return { site: name, id: "test", event: "test", severity: "info", title: name, text: test, at };
}
