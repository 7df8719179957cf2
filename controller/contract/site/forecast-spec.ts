// What the planner may hear of the sky beside what the site's own arrays tell. Nothing is asked of anybody unless the site's
// people choose it: a weather service learns where the site is, and the plan must do without it at any time.
import { z } from "zod";

export const WeatherSpec = z.strictObject({
  kind: z.literal("open-meteo"),
  url: z
    .url({ protocol: /^https?$/ })
    .default("https://api.open-meteo.com")
    .describe("the service, or one's own copy of it"),
});
export type WeatherSpec = z.output<typeof WeatherSpec>;

export const ForecastSpec = z
  .strictObject({
    weather: WeatherSpec.optional().describe(
      "asked each hour for the sun of the next days; it learns the site's place to 0.1°; none: the arrays' own past alone",
    ),
  })
  .describe("what the plan goes by beside the site's own past");
export type ForecastSpec = z.output<typeof ForecastSpec>;
