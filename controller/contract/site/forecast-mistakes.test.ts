// A weather service is asked for a place: check says what is missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { forecastMistakes } from "./forecast-mistakes.ts";
import { Site } from "./site.ts";

const named = (place: object, forecast: object): string =>
  forecastMistakes(
    Site.parse({
      ...{ gridwright: 1, site: { id: "mill", name: "Mill", ...place }, forecast },
      ...{ links: {}, devices: {}, assets: {} },
    }),
  )
    .map(({ path, message }) => `${path.join(".")} ${message}`)
    .join(" · ");

test("a weather service without a place is a mistake that names both keys and the way out", () => {
  const told = named({ latitude: 41.4 }, { weather: { kind: "open-meteo" } });
  assert.match(told, /^site\.longitude is needed .*leave forecast\.weather away$/);
  assert.match(named({}, { weather: { kind: "open-meteo" } }), /site\.latitude .* · site\.longitude /);
});
test("with a place, or without a service, nothing is missing", () => {
  assert.equal(named({ latitude: 41.4, longitude: 2.2 }, { weather: { kind: "open-meteo" } }), "");
  assert.equal(named({}, {}), "");
});
