// What other systems see of the plant, fed by the live bus alone: plain topics, Home Assistant's discovery, a Modbus
// server. It runs with services; nothing in control waits for it, and the only way back in is a request.
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { topics } from "@gridwright/contract/messages.ts";
import { outwardTopics, RESERVED_ASSETS, registerMap, shownAssets } from "@gridwright/contract/outward.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { listenTo } from "../live/listen.ts";
import { createView, type View } from "../live/view.ts";
import { startAnnouncer } from "./announcer.ts";
import { type Discovery, discoveryOf, discoveryTopic } from "./home-assistant/device.ts";
import { leftFile } from "./memory.ts";
import { outwardImage } from "./modbus/image.ts";
import { type ModbusServer, startModbusServer } from "./modbus/server.ts";
import { answerTopics, clipped, speakersOf } from "./values.ts";
import { listenForWishes, type Request } from "./wishes.ts";

export interface OutletsOptions {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly io: Clock;
  readonly log: Log;
  /** Signs a request as services: `requester.send`. */
  readonly request: Request;
  /** Where the list of topics left at the broker is kept. */
  readonly dataDir: string;
  /** Instead of the site file's Modbus port; 0: any free one. */
  readonly modbusPort?: number;
}

export interface Outlets {
  /** `modbus`, when it is served. */
  readonly ports: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

const LEFT_FILE = "outward.json";

function discoveriesOf(model: SiteModel): ReadonlyMap<string, Discovery> {
  const { site, outward } = model.site;
  const points = Map.groupBy(model.channels, ({ asset }) => asset);
  return new Map(
    shownAssets(model).flatMap((asset): [string, Discovery][] => {
      const discovery = discoveryOf(
        model,
        asset,
        (points.get(asset.id) ?? []).map(({ point }) => point),
      );
      if (Object.keys(discovery.cmps).length === 0) return [];
      return [[discoveryTopic(outward.homeAssistant.discoveryPrefix, site.id, asset.id), discovery]];
    }),
  );
}

/**
 * Publishes what the site file wants; on a broker that is not gridwright's own that is nothing unless it says so.
 * With nothing wanted it still clears what was left before.
 */
function startTopics(options: OutletsOptions, view: View): () => Promise<void> {
  const { model, bus } = options;
  const { site, outward, broker } = model.site;
  const ownBroker = broker.url === undefined;
  const home = outward.homeAssistant.enabled ?? ownBroker;
  const plain = home || (outward.plainTopics ?? ownBroker);
  const at = outwardTopics(site.id);
  const announcer = startAnnouncer({
    ...options,
    view,
    siteId: site.id,
    memory: leftFile(join(options.dataDir, LEFT_FILE)),
    speakers: plain ? speakersOf(model) : [],
    answers: plain ? answerTopics(model) : [],
    discoveries: home ? discoveriesOf(model) : new Map(),
  });
  bus.subscribe(topics(site.id).control, () => announcer.renew());
  if (home)
    bus.subscribe(`${outward.homeAssistant.discoveryPrefix}/status`, (_topic, payload) => {
      if (payload === "online") announcer.renew();
    });
  if (plain)
    listenForWishes({
      ...options,
      onAnswer: (asset, text) => announcer.say(at.answer(asset), clipped(text), `${asset}/switch`),
    });
  return announcer.close;
}

async function startModbus(options: OutletsOptions, view: View): Promise<ModbusServer | undefined> {
  const { model, io, log, modbusPort } = options;
  const { modbus } = model.site.outward;
  if (modbus === undefined) return undefined;
  const map = registerMap(model);
  if (map.left.length > 0)
    log.warn("the Modbus map has no address left for some assets", { assets: map.left });
  return startModbusServer({
    host: modbus.host,
    port: modbusPort ?? modbus.port,
    image: outwardImage(view, map),
    io,
    log,
  });
}

/** Starts what `outward` of the site file names. Rejects with `port-in-use` or `site-invalid` of its Modbus server. */
export async function startOutlets(options: OutletsOptions): Promise<Outlets> {
  const { model, bus, io, log } = options;
  const view = createView(model, io);
  const modbus = await startModbus(options, view);
  listenTo(view, { bus, siteId: model.site.site.id, log });
  for (const id of Object.keys(model.assets))
    if (RESERVED_ASSETS.has(id)) log.warn(`the asset «${id}» is not shown outside: rename it`, { asset: id });
  const stopTopics = startTopics(options, view);
  return {
    ports: modbus === undefined ? {} : { modbus: modbus.port },
    async close() {
      await stopTopics();
      await modbus?.close();
    },
  };
}
