// A server of our own that answers as Open-Meteo does: what it is asked, how its answer is read, what is refused.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { openMeteo } from "./open-meteo.ts";

const NOON_S = 1_781_434_800;
const PLACE = { latitude: 41.3874, longitude: 2.1686 };
const answer = {
  ...{ latitude: 41.375, longitude: 2.125, utc_offset_seconds: 0, timezone: "GMT" },
  hourly_units: { time: "unixtime", shortwave_radiation: "W/m²" },
  hourly: {
    time: [NOON_S, NOON_S + 3_600, NOON_S + 7_200],
    shortwave_radiation: [812, null, 655.5],
  },
};

/** What is told when the server answers so; `asked` are the addresses that it was asked for. */
async function told(status: number, body: string, asked: string[] = []) {
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.writeHead(status, { "content-type": "application/json", location: "/elsewhere" }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    return await openMeteo(`http://127.0.0.1:${port}/copy`, PLACE)(AbortSignal.timeout(30_000));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test("each value is the mean of the hour before its time; what is null is not told", async () => {
  assert.deepEqual(await told(200, JSON.stringify(answer)), [
    { at: (NOON_S - 3_600) * 1_000, irradiance: 812 },
    { at: (NOON_S + 3_600) * 1_000, irradiance: 655.5 },
  ]);
});

test("it learns the place to a tenth of a degree, and nothing else", async () => {
  const asked: string[] = [];
  await told(200, JSON.stringify(answer), asked);
  const { pathname, searchParams } = new URL(asked[0] ?? "", "http://x");
  assert.equal(pathname, "/copy/v1/forecast");
  assert.deepEqual(Object.fromEntries(searchParams), {
    ...{ latitude: "41.4", longitude: "2.2", hourly: "shortwave_radiation" },
    ...{ timeformat: "unixtime", forecast_days: "4" },
  });
});

//  what it answers, with which status, why there is no forecast
const REFUSED: readonly (readonly [string, number, string, RegExp])[] = [
  [
    "its own refusal",
    400,
    '{"error":true,"reason":"Latitude must be in range"}',
    /^it answered 400: Latitude must/,
  ],
  ["a gateway's page", 502, "<html>bad gateway</html>", /^it answered 502$/],
  ["a redirect", 302, "", /^it answered 302$/],
  ["something else", 200, '{"hourly":{"time":["noon"]}}', /not what Open-Meteo answers/],
  [
    "a sun that cannot be",
    200,
    JSON.stringify(answer).replace("812", "81200"),
    /not what Open-Meteo answers/,
  ],
  ["cut JSON", 200, JSON.stringify(answer).slice(0, 90), /not what Open-Meteo answers/],
  ["far too much", 200, `${JSON.stringify(answer)}${" ".repeat(200_000)}`, /too large/],
];
for (const [what, status, body, why] of REFUSED)
  test(`${what} is no forecast, and why is said`, async () => {
    await assert.rejects(told(status, body), { message: why });
  });
