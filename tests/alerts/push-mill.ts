// A mill whose people let their browsers be told, beside a server that stands for a browser maker's.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { AssetStatus } from "@gridwright/contract/messages.ts";
import { topics } from "@gridwright/contract/messages.ts";
import type { PushNotice } from "@gridwright/contract/push.ts";
import type { Alerter } from "@gridwright/runtime/alerts/alerter.ts";
import { openAlerts } from "@gridwright/runtime/alerts/open-alerts.ts";
import { joined, testDesk } from "@gridwright/runtime/people/desk-fixture.ts";
import type { Desk } from "@gridwright/runtime/people/people.ts";
import { pushOn } from "@gridwright/runtime/people/pushes.ts";
import { testBus, testClock, tickOf } from "@gridwright/runtime/web/garden-fixture.ts";
import { quietLog, siteOf } from "@gridwright/twin/testing/village.ts";
import { NO_OTHERS } from "./no-others.ts";
import { type Browser, browserAt, opened } from "./push-browser.ts";

const siteText = (origin: string): string => `
gridwright: 1
site: { id: mill, name: Old mill }
links: { wire: { kind: modbus-rtu-tcp, host: 127.0.0.1, port: 25001 } }
devices:
  m1: { link: wire, unit: 1, profile: eastron-sdm120 }
  board: { link: wire, unit: 2, profile: waveshare-relay-8 }
members: { inn: { name: Inn }, forge: { name: Forge } }
assets:
  inn-heater: { kind: load, name: Water heater, member: inn, tier: 4, rating: 2 kVA, switch: board/relay_1, onSilence: "off", measure: m1 }
  forge-fan: { kind: load, name: Fan, member: forge, tier: 3, rating: 1 kVA, switch: board/relay_2, onSilence: "off" }
alerts:
  channels:
    phones: { kind: push, contact: ana@example.org, servers: ["${origin}"], least: critical }
`;

export interface Arrived {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What stands for a browser maker's server; `answers` is the status that it gives. */
export class PushServer {
  readonly arrived: Arrived[] = [];
  answers = 201;
  readonly #server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      this.arrived.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(this.answers).end();
    });
  });

  start = (): Promise<void> => new Promise((resolve) => void this.#server.listen(0, "127.0.0.1", resolve));
  close = (): void => void this.#server.close();
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  paths = async (): Promise<readonly string[]> => this.arrived.map(({ path }) => path).sort();
}

interface Wants {
  readonly member?: string;
  readonly home: boolean;
  readonly site: boolean;
}

export class Mill {
  readonly io = testClock();
  readonly dataDir = mkdtempSync(join(tmpdir(), "gridwright-push-"));
  readonly desk: Desk = testDesk(this.io, ["inn", "forge"]).desk;
  readonly #bus = testBus();
  readonly #people = new Map<string, { readonly id: string; readonly browser: Browser }>();
  readonly #server: PushServer;

  private constructor(server: PushServer) {
    this.#server = server;
  }

  /** A technician who hears the site, a member of each home who hears the home. */
  static async open(server: PushServer): Promise<{ readonly mill: Mill; readonly alerter: Alerter }> {
    const mill = new Mill(server);
    await joined(mill.desk, "admin");
    await mill.#person("technician", { home: false, site: true });
    await mill.#person("member", { member: "inn", home: true, site: true });
    await mill.#person("member", { member: "forge", home: true, site: false });
    return { mill, alerter: await mill.alerter() };
  }

  alerter(): Promise<Alerter> {
    const { dataDir, desk, io } = this;
    const places = {
      dataDir,
      siteFolder: dataDir,
      model: siteOf(siteText(this.#server.origin)),
      more: () => [],
    };
    return openAlerts({ ...NO_OTHERS, ...places, desk, bus: this.#bus, io, log: quietLog });
  }

  async #person(role: "technician" | "member", { member, ...wants }: Wants): Promise<void> {
    await joined(this.desk, role, member);
    const id = this.desk.kept.now().accounts.at(-1)?.id ?? "";
    const browser = browserAt(`${this.#server.origin}/push/${member ?? role}`);
    const { endpoint, keys } = browser;
    const language = member === "inn" ? "es" : "en";
    await pushOn(this.desk, { account: id, browser: { endpoint, keys, language, ...wants } });
    this.#people.set(member ?? role, { id, browser });
  }

  idOf = (who: string): string => this.#people.get(who)?.id ?? "";

  /** What the newest message says to whom it was for. */
  readBy(who: string): PushNotice {
    const found = this.#people.get(who);
    const last = this.#server.arrived.findLast(({ path }) => path === `/push/${who}`);
    if (found === undefined || last === undefined) assert.fail(`nothing came for ${who}`);
    return opened(found.browser, last.body);
  }

  raise = (alarm: Alarm, event: "raised" | "cleared" = "raised"): void =>
    this.#bus.say(topics("mill").alarm, { event, alarm });

  async pass(seconds: number, assets: Readonly<Record<string, AssetStatus>> = {}): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.#bus.say(topics("mill").tick, tickOf({ assets }));
      await this.io.move(1_000);
    }
  }
}
