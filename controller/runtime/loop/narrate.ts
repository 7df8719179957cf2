// Decisions and alarms as log lines that a person can follow in the terminal, in English.
import type { Decision } from "@gridwright/contract/decision.ts";
import { settingText } from "@gridwright/contract/explain/explain.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { AlarmMessage } from "@gridwright/contract/messages.ts";
import { render, renderAlarm, type Wording } from "@gridwright/contract/render.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Epoch } from "@gridwright/contract/units.ts";

const SAID: Readonly<Record<AlarmMessage["event"], string>> = {
  raised: "alarm: ",
  acknowledged: "somebody has seen it: ",
  cleared: "",
};

export interface Narrator {
  decisions(decisions: readonly Decision[]): void;
  alarms(alarms: readonly AlarmMessage[], at: Epoch): void;
}

export interface NarratorOptions {
  readonly model: SiteModel;
  readonly log: Log;
  /** Plant time is not the time of the log: each sentence says its own. */
  readonly paced: boolean;
}

export function createNarrator({ model, log, paced }: NarratorOptions): Narrator {
  const names = assetNames(model);
  const wording: Wording = { language: "en", names };
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: model.site.site.timezone, timeStyle: "short" });
  const time = (at: Epoch): string => (paced ? `plant ${clock.format(at)}  ` : "");
  return {
    decisions(decisions) {
      for (const decision of decisions) {
        const { asset, set, rule, reason, until, at } = decision;
        const sentence = `${time(at)}${names[asset] ?? asset} ${settingText(set, wording)}: ${render(reason, wording)}; ${render(until, wording)}`;
        log.info(sentence, { asset, rule, code: reason.code });
      }
    },
    alarms(alarms, at) {
      for (const message of alarms) {
        const { event, alarm } = message;
        const sentence = `${time(at)}${SAID[event]}${renderAlarm(message, wording)}`;
        if (event === "raised") log.warn(sentence, { alarm: alarm.id });
        else log.info(sentence, { alarm: alarm.id });
      }
    },
  };
}
