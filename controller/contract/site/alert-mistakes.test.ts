// What check refuses of the ways for alerts, and whose servers may be written to.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isPushServer } from "../push.ts";
import { alertMistakes } from "./alert-mistakes.ts";
import { Site } from "./site.ts";

const siren = (shows: string) => ({ kind: "signal", name: "Siren", switch: "board/relay_3", shows });
const PUSH = { kind: "push", contact: "ana@example.org" };
const site = (channels: object, assets: object = {}) => ({
  gridwright: 1,
  site: { id: "mill", name: "Mill" },
  ...{ links: {}, devices: {}, assets, alerts: { channels } },
});
const mistakes = (channels: object, assets?: object): string =>
  alertMistakes(Site.parse(site(channels, assets)))
    .map(({ path, message }) => `${path.slice(2).join(".")}: ${message}`)
    .join(" · ");

describe("ways for alerts", () => {
  const horn = { horn: { kind: "output", asset: "siren" } };
  const table: readonly (readonly [sentence: string, channels: object, assets: object, then: RegExp])[] = [
    ["an output that shows alerts, and browsers", { ...horn, phones: PUSH }, { siren: siren("alert") }, /^$/],
    [
      "an output that is not there",
      horn,
      {},
      /^horn\.asset: "siren" is no signal with shows: alert; there is none: add an asset/,
    ],
    [
      "a lamp that says something else",
      horn,
      { siren: siren("cut"), bell: siren("alert") },
      /^horn\.asset: "siren" is no signal with shows: alert; there are: bell$/,
    ],
    ["two keys for browsers", { a: PUSH, b: PUSH }, {}, /^b\.kind: a browser knows one key/],
  ];
  for (const [sentence, channels, assets, then] of table)
    it(sentence, () => assert.match(mistakes(channels, assets), then));
  it("a push server of one's own is a server alone, without a path", () => {
    const own = (url: string) => Site.safeParse(site({ phones: { ...PUSH, servers: [url] } })).success;
    assert.deepEqual([own("https://push.example.org"), own("https://push.example.org/up")], [true, false]);
  });
});

describe("an address that a browser gives is written to where it is", () => {
  const own = ["http://192.0.2.7:8080"];
  const table: readonly (readonly [endpoint: string, then: boolean])[] = [
    ["https://fcm.googleapis.com/fcm/send/c0ffee:APA91b", true],
    ["https://updates.push.services.mozilla.com/wpush/v2/gAAAA", true],
    ["https://web.push.apple.com/QGuQyavXutnMH", true],
    ["https://db5p.notify.windows.com/w/?token=BQYAAA", true],
    ["http://192.0.2.7:8080/up/31", true],
    ["http://fcm.googleapis.com/fcm/send/c0ffee", false],
    ["https://fcm.googleapis.com.example.org/fcm", false],
    ["https://fcm.googleapis.com@192.0.2.7:8080/", false],
    ["https://fcm.googleapis.com:8443/fcm", false],
    ["http://192.0.2.7:8081/up/31", false],
    ["http://127.0.0.1:8086/write", false],
    ["file:///etc/passwd", false],
    ["fcm.googleapis.com", false],
  ];
  for (const [endpoint, then] of table)
    it(`${endpoint}: ${then ? "yes" : "no"}`, () => assert.equal(isPushServer(endpoint, own), then));
});
