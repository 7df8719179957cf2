// How the plant looks from outside: names of plain topics and a map of Modbus registers, both generated from the
// site's model, so that the server, its documents and the permissions at the broker cannot differ.
import { type PointKind, parsePointName } from "./points.ts";
import { isConsumer } from "./site/assets.ts";
import type { AssetModel, SiteModel } from "./site/model.ts";

/** What a plain topic says while its value is not fresh. */
export const UNAVAILABLE = "unavailable";

/** Ids whose topics belong to the live bus; an asset of that name is not shown outside. */
export const RESERVED_ASSETS: ReadonlySet<string> = new Set(["request", "answer"]);

/** Topics that services own. All are retained but `set`, which is heard. */
export const outwardTopics = (site: string) => ({
  point: (asset: string, point: string) => `gridwright/${site}/${asset}/${point}`,
  /** The sentence of what an asset with a switch is told. */
  why: (asset: string) => `gridwright/${site}/${asset}/why`,
  /** Control's answer to the last wish that came in on `set`. */
  answer: (asset: string) => `gridwright/${site}/${asset}/answer`,
  /** `true` or `false`: a wish for a load that may be asked. */
  set: (asset: string) => `gridwright/${site}/${asset}/switch/set`,
  /** `online` / `offline` (last will): whether somebody keeps these topics true. */
  services: `gridwright/${site}/services`,
});

/** Assets that are shown outside, in the order of the site file. */
export const shownAssets = (model: SiteModel): readonly AssetModel[] =>
  Object.values(model.assets).filter(({ id }) => !RESERVED_ASSETS.has(id));

/**
 * Whether anybody may ask for it from outside: a switched load that may be shed and that is nobody's own. A member's
 * own load answers to its owner alone, and from outside nobody can prove to be that.
 */
export const mayBeAsked = ({ spec, actuator }: AssetModel): boolean =>
  isConsumer(spec) &&
  actuator?.kind === "switch" &&
  !actuator.locked &&
  spec.tier > 0 &&
  spec.member === undefined;

/** The kind of an asset's point; `switch` and `limit` are its actuator's. */
export function outwardKind(point: string): PointKind | undefined {
  if (point === "switch")
    return { unit: "1", value: "switch", meaning: "it has supply", deadband: 0, range: [0, 1] };
  if (point === "limit") return parsePointName("power_limit")?.kind;
  return parsePointName(point)?.kind;
}

/** Registers of the site itself, from address 0; all words are unsigned. */
export const SITE_REGISTERS = [
  { name: "version of this layout", words: 1 },
  { name: "control: 0 never heard, 1 live, 2 silent for 5 s, 3 offline", words: 1 },
  { name: "seconds since control's last word; 65535: more, or none yet", words: 1 },
  {
    name: "supply: 0 unknown, 1 grid, 2 island on the inverter, 3 island on the generator, 4 dead, 5 grid returning, 6 retry after dead",
    words: 1,
  },
  { name: "assets in this map", words: 1 },
  { name: "fingerprint of this map, high word first; it changes when an address does", words: 2 },
] as const;
export const LAYOUT_VERSION = 1;

/** An asset begins at a multiple of this, so that a new point moves no other asset. */
export const BLOCK_REGISTERS = 100;
/** Quality and number of channels, before an asset's values. */
export const BLOCK_HEAD = 2;
export const VALUE_REGISTERS = 2;
const REGISTERS = 65_536;

export interface RegisterOfChannel {
  readonly point: string;
  readonly unit: string;
  readonly meaning: string;
  /** 0-based; float32 in two input registers, high word first. */
  readonly address: number;
}
export interface RegisterBlock {
  readonly asset: string;
  readonly name: string;
  /** 0-based; quality: 0 no value is fresh, 1 some are, 2 all are. The next register counts the values. */
  readonly address: number;
  readonly channels: readonly RegisterOfChannel[];
}
export interface RegisterMap {
  readonly blocks: readonly RegisterBlock[];
  /** Assets for which no address is left. */
  readonly left: readonly string[];
  readonly fingerprint: number;
}

/** FNV-1a over text, 32 bits. */
function fingerprintOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

function blockOf({ id, spec }: AssetModel, address: number, points: readonly string[]): RegisterBlock {
  const channels = points.map((point, index): RegisterOfChannel => {
    const kind = outwardKind(point);
    return {
      point,
      unit: outwardUnit(point),
      meaning: kind?.meaning ?? point,
      address: address + BLOCK_HEAD + VALUE_REGISTERS * index,
    };
  });
  return { asset: id, name: spec.name, address, channels };
}

/** The unit as other systems call it; a share is 0..1, a switch 0 or 1. */
export function outwardUnit(point: string): string {
  if (parsePointName(point)?.base === "reactive_power") return "var";
  return outwardKind(point)?.unit ?? "1";
}

/** The map of the Modbus server: assets in the order of the site file, each in blocks of its own. */
export function registerMap(model: SiteModel): RegisterMap {
  const points = Map.groupBy(model.channels, ({ asset }) => asset);
  const blocks: RegisterBlock[] = [];
  const left: string[] = [];
  let next = BLOCK_REGISTERS;
  for (const asset of shownAssets(model)) {
    const names = (points.get(asset.id) ?? []).map(({ point }) => point);
    const size = Math.ceil((BLOCK_HEAD + names.length * VALUE_REGISTERS) / BLOCK_REGISTERS) * BLOCK_REGISTERS;
    if (next + size > REGISTERS) {
      left.push(asset.id);
      continue;
    }
    blocks.push(blockOf(asset, next, names));
    next += size;
  }
  const shape = blocks.map(({ asset, address, channels }) => [
    asset,
    address,
    channels.map(({ point, unit }) => [point, unit]),
  ]);
  return { blocks, left, fingerprint: fingerprintOf(JSON.stringify([LAYOUT_VERSION, shape])) };
}
