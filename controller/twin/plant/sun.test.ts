import assert from "node:assert/strict";
import { test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { irradiance, sunPosition } from "./sun.ts";

const degrees = (radians: number): number => (radians * 180) / Math.PI;
const at = (text: string) => epoch(Date.parse(text));

// Elevations and azimuths from the definition: at local noon 90° − |latitude − declination|; declination ±23.44° at
// the solstices; at the equinox the sun rises due east at six o'clock solar time.
//  case                                    instant                  latitude, longitude   elevation  azimuth
const POSITIONS: readonly (readonly [string, string, number, number, number, number])[] = [
  ["summer noon in Granada", "2026-06-21T12:16:00Z", 37.2, -3.6, 76.2, 180],
  ["winter noon in Granada", "2026-12-21T12:12:00Z", 37.2, -3.6, 29.4, 180],
  ["winter noon south of the equator", "2026-06-21T10:02:00Z", -33.9, 30, 32.7, 0],
  ["midnight in Granada", "2026-06-21T00:16:00Z", 37.2, -3.6, -29.4, 360],
  ["morning of the equinox in Quito", "2026-03-20T12:24:00Z", -0.2, -78.5, 15.5, 90],
];
for (const [name, instant, latitude, longitude, elevation, azimuth] of POSITIONS)
  test(`the sun stands right: ${name}`, () => {
    const sun = sunPosition(at(instant), { latitude, longitude });
    assert.ok(Math.abs(degrees(sun.elevation) - elevation) < 0.8, `elevation ${degrees(sun.elevation)}`);
    const off = Math.abs(((degrees(sun.azimuth) - azimuth + 540) % 360) - 180);
    assert.ok(off < 2.5, `azimuth ${degrees(sun.azimuth)}`);
  });

const noon = sunPosition(at("2026-06-21T12:16:00Z"), { latitude: 37.2, longitude: -3.6 });
const morning = sunPosition(at("2026-06-21T07:30:00Z"), { latitude: 37.2, longitude: -3.6 });
const night = sunPosition(at("2026-06-21T00:16:00Z"), { latitude: 37.2, longitude: -3.6 });

test("a clear summer noon gives about 1000 W/m² on a plane that faces the sun", () => {
  const given = irradiance(noon, { azimuth: 180, tilt: 14 }, 1);
  assert.ok(given > 900 && given < 1_120, `${given}`);
});
test("an east roof gets more in the morning than a west roof", () => {
  const [east, west] = [120, 240].map((azimuth) => irradiance(morning, { azimuth, tilt: 25 }, 1));
  assert.ok((east ?? 0) > 2 * (west ?? 0), `${east} ${west}`);
});
test("a dark cloud leaves less than a fifth", () => {
  const plane = { azimuth: 170, tilt: 31 };
  assert.ok(irradiance(noon, plane, 0.06) < 0.2 * irradiance(noon, plane, 1));
});
test("the night gives nothing", () => assert.equal(irradiance(night, { azimuth: 180, tilt: 30 }, 1), 0));
