// One question to Open-Meteo, or to one's own copy of it: the sun on level ground in the hours ahead. It is told the place to a
// tenth of a degree and nothing else. What it answers is read by schema; it tries once and rejects with why not.
import { epoch } from "@gridwright/contract/units.ts";
import type { Place } from "@gridwright/core/forecast/clear-sky.ts";
import type { ToldHour } from "@gridwright/core/forecast/told-sky.ts";
import { z } from "zod";

const DEADLINE_MS = 20_000;
const DAYS = 4;
const HOURS_MAX = 24 * 16;
const HOUR_S = 3_600;
const ANSWER_BYTES_MAX = 100_000;
/** W/m²; more is no sun. */
const IRRADIANCE_MAX = 1_600;

const Answer = z.object({
  hourly: z.object({
    time: z.array(z.int()).max(HOURS_MAX),
    shortwave_radiation: z.array(z.number().min(0).max(IRRADIANCE_MAX).nullable()).max(HOURS_MAX),
  }),
});
const Refusal = z.object({ reason: z.string() });

const rounded = (degrees: number): string => (Math.round(degrees * 10) / 10).toFixed(1);

/** Where it is asked; nothing of the site is in it but its place, to a tenth of a degree. */
export function questionOf(url: string, { latitude, longitude }: Place): URL {
  const question = new URL("v1/forecast", url.endsWith("/") ? url : `${url}/`);
  question.search = new URLSearchParams({
    ...{ latitude: rounded(latitude), longitude: rounded(longitude) },
    ...{ hourly: "shortwave_radiation", timeformat: "unixtime", forecast_days: String(DAYS) },
  }).toString();
  return question;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each value is the mean of the hour before its time. */
function hoursIn({ hourly: { time, shortwave_radiation: radiation } }: z.output<typeof Answer>): ToldHour[] {
  return time.flatMap((end, place): ToldHour[] => {
    const irradiance = radiation[place];
    return irradiance === undefined || irradiance === null
      ? []
      : [{ at: epoch((end - HOUR_S) * 1_000), irradiance }];
  });
}

async function textOf(response: Response): Promise<string> {
  const declared = Number(response.headers.get("content-length") ?? 0);
  if (declared > ANSWER_BYTES_MAX) throw new Error("its answer is too large");
  const text = await response.text();
  if (text.length > ANSWER_BYTES_MAX) throw new Error("its answer is too large");
  return text;
}

export type AskWeather = (signal: AbortSignal) => Promise<readonly ToldHour[]>;

/** Asks once; rejects with why there is no answer. */
export const openMeteo =
  (url: string, place: Place): AskWeather =>
  async (signal) => {
    const limits = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    const response = await fetch(questionOf(url, place), { redirect: "manual", signal: limits });
    const answer = parsed(await textOf(response));
    if (!response.ok) {
      const { data } = Refusal.safeParse(answer);
      throw new Error(`it answered ${response.status}${data === undefined ? "" : `: ${data.reason}`}`);
    }
    const told = Answer.safeParse(answer);
    if (!told.success) throw new Error("its answer is not what Open-Meteo answers");
    return hoursIn(told.data);
  };
