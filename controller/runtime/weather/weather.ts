// What a weather service told last, where the site's people chose one: asked each hour, kept while nobody answers, and dropped
// when it has become old. Without it, or without a line to it, the plan goes by the arrays' own past.

import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { WeatherReport } from "@gridwright/contract/plan/site-plan.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, epoch, hours, minutes } from "@gridwright/contract/units.ts";
import { type ToldHour, toldSky } from "@gridwright/core/forecast/told-sky.ts";
import { lookAgain } from "../clock/look-again.ts";
import { type AskWeather, openMeteo } from "./open-meteo.ts";

/** Services make a new forecast every hour or every few; a line that is down is tried again sooner. */
const ASKED_EVERY = hours(1);
const LOOK = minutes(10);
/** What was told so long ago says less than the arrays' own past. */
const OLD_AFTER = hours(18);

export interface Weather {
  /** Share of a clear sky by hour from `from` on; undefined: not told. */
  sky(from: Epoch, steps: number): readonly (number | undefined)[];
  /** None: no service is asked. */
  report(): WeatherReport | undefined;
  close(): Promise<void>;
}

export interface WeatherOptions {
  readonly model: SiteModel;
  readonly io: Clock;
  readonly log: Log;
  /** In place of the service that the site names. */
  readonly ask?: AskWeather;
}

const NO_WEATHER: Weather = {
  sky: (_from, steps) => new Array<undefined>(steps).fill(undefined),
  report: () => undefined,
  close: async () => undefined,
};

interface State {
  told: readonly ToldHour[];
  /** Wall clock. */
  at: Epoch | null;
  trouble: string | undefined;
}

/** Asks in the background; what goes wrong is told and holds nothing up. */
export function startWeather({ model, io, log, ask }: WeatherOptions): Weather {
  const { weather } = model.site.forecast;
  const { latitude, longitude } = model.site.site;
  if (weather === undefined || latitude === undefined || longitude === undefined) return NO_WEATHER;
  const place = { latitude, longitude };
  const stop = new AbortController();
  const asked = ask ?? openMeteo(weather.url, place);
  const state: State = { told: [], at: null, trouble: undefined };
  const isOld = (): boolean => state.at === null || io.wall() - state.at > OLD_AFTER;
  const looking = lookAgain(io, LOOK, {
    look: async () => {
      if (state.trouble === undefined && state.at !== null && io.wall() - state.at < ASKED_EVERY) return;
      state.told = await asked(stop.signal);
      if (state.trouble !== undefined) log.info("the weather is told again", { url: weather.url });
      Object.assign(state, { at: epoch(io.wall()), trouble: undefined });
    },
    onError: (error) => {
      const why = messageOf(error);
      if (state.trouble === undefined && !stop.signal.aborted)
        log.warn("no weather; the plan goes by the arrays' own past", { url: weather.url, why });
      state.trouble = why;
    },
  });
  return {
    sky: (from, steps) =>
      isOld() ? NO_WEATHER.sky(from, steps) : toldSky(state.told, place, { from, steps }),
    report: () => ({ at: state.at, ...(state.trouble !== undefined && { trouble: state.trouble }) }),
    async close() {
      stop.abort();
      await looking.close();
    },
  };
}
