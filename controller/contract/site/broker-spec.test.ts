import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokerSpec } from "./broker-spec.ts";

const rows: readonly [sentence: string, broker: unknown, then: RegExp | object][] = [
  ["without a word it is the embedded one, on loopback", {}, { port: 1_883, tlsPort: 8_883 }],
  [
    "its own address in the network of the devices",
    { listen: "10.0.7.2", port: 1_884 },
    { port: 1_884, tlsPort: 8_883, listen: "10.0.7.2" },
  ],
  ["a network of 172.16/12", { listen: "172.31.4.9" }, { port: 1_883, tlsPort: 8_883, listen: "172.31.4.9" }],
  [
    "a private address of IPv6",
    { listen: "fd12:3456::9" },
    { port: 1_883, tlsPort: 8_883, listen: "fd12:3456::9" },
  ],
  ["not every network at once", { listen: "0.0.0.0" }, /every network: name this machine's one address/],
  ["nor every one of IPv6", { listen: "::" }, /every network/],
  ["loopback needs no word", { listen: "127.0.0.1" }, /listens anyway/],
  ["not the internet", { listen: "203.0.113.9" }, /no address of a private network/],
  ["just outside of 172.16/12", { listen: "172.32.4.9" }, /no address of a private network/],
  ["a name is no address", { listen: "broker.local" }, /must be an IP address/],
  ["nor is half of one", { listen: "10.0.7" }, /must be an IP address/],
  [
    "another broker by its URL alone",
    "mqtt://10.0.7.3",
    { port: 1_883, tlsPort: 8_883, url: "mqtt://10.0.7.3" },
  ],
  [
    "another broker listens by itself",
    { url: "mqtts://10.0.7.3", listen: "10.0.7.2" },
    /is for a broker on this machine/,
  ],
  [
    "mosquitto on this machine, opened likewise",
    { program: "mosquitto", listen: "10.0.7.2", tlsPort: 8_884 },
    { port: 1_883, tlsPort: 8_884, program: "mosquitto", listen: "10.0.7.2" },
  ],
  [
    "mosquitto is here or elsewhere",
    { url: "mqtts://10.0.7.3", program: "mosquitto" },
    /is for a broker on this machine/,
  ],
  ["a password never stands in a URL", { url: "mqtt://ada:b@10.0.7.3" }, /must not hold a password/],
];

test("where the broker listens", () => {
  for (const [sentence, broker, then] of rows) {
    const { success, data, error } = BrokerSpec.safeParse(broker);
    if (then instanceof RegExp) assert.match(JSON.stringify(error?.issues), then, sentence);
    else assert.deepEqual(success ? data : error?.issues, then, sentence);
  }
});
