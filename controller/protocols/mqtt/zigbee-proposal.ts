// What a technician pastes for the devices behind a Zigbee2MQTT bridge, by the bridge's own list: a line of site.yaml
// each, and a profile where none that comes along tells just the same points. Pure; the texts must pass the schemas. No
// tier, no rating, no lease is guessed.
import type { Profile } from "@gridwright/contract/profile.ts";
import type { ZigbeeDevice } from "./zigbee2mqtt-exposes.ts";

export interface ZigbeePlace {
  /** The site's MQTT link, and the bridge's base topic. */
  readonly link: string;
  readonly base: string;
  /** Topics that devices of the site have already. */
  readonly taken: ReadonlySet<string>;
  readonly profiles: ReadonlyMap<string, Profile>;
}

export interface ProposedZigbee {
  readonly friendlyName: string;
  /** Maker and model. */
  readonly what: string;
  readonly points: readonly string[];
  readonly profile: string;
  /** A line for `devices:`; none: it stands in the site file already, or its name must be changed first. */
  readonly line?: string;
  readonly remark?: string;
}

export interface ZigbeeProposal {
  readonly devices: readonly ProposedZigbee[];
  /** Files for the folder `profiles` beside the site file. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** What site.yaml takes as a topic. */
const TOPIC = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;
const REPORT_MS = 30_000;

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "") || "device";

/** A point of a profile, or of what a bridge says. */
interface Said {
  readonly field: string;
  readonly unit: string;
  readonly write?: true | undefined;
  readonly lease?: string | undefined;
}

const pointText = ({ field, unit, write, lease = "none" }: Said): string =>
  [`field: ${JSON.stringify(field)}`, ...(unit === "1" ? [] : [`unit: "${unit}"`])]
    .concat(write ? ["write: true", `lease: ${lease}`] : [])
    .join(", ");

const points = (all: Readonly<Record<string, Said>>): readonly string[] =>
  Object.entries(all)
    .map(([point, spec]) => `  ${point}: { ${pointText(spec)} }`)
    .sort();

/** A profile that says just the same; one that counts a lease promises what the bridge does not tell. */
function knownFor(device: ZigbeeDevice, { profiles }: ZigbeePlace): string | undefined {
  const wanted = points(device.points).join("\n");
  const same = [...profiles.values()].find(
    (profile) => profile.protocol === "zigbee2mqtt" && points(profile.points).join("\n") === wanted,
  );
  return same?.profile;
}

function fileFor(profile: string, { vendor, model, points: said }: ZigbeeDevice): string {
  return `${[
    `profile: ${profile}`,
    `title: ${JSON.stringify(`${vendor} ${model} (Zigbee2MQTT)`)}`,
    "licence: CC0-1.0",
    "source: what its Zigbee2MQTT bridge says of it (bridge/devices)",
    "tried: simulated",
    "protocol: zigbee2mqtt",
    `reportMs: ${REPORT_MS}`,
    "points:",
    ...points(said),
  ].join("\n")}\n`;
}

/** The proposal for what a bridge lists. */
export function proposeZigbee(found: readonly ZigbeeDevice[], place: ZigbeePlace): ZigbeeProposal {
  const files = new Map<string, string>();
  const devices = found.map((device): ProposedZigbee => {
    const topic = `${place.base}/${device.friendlyName}`;
    const own = `zigbee-${slug(`${device.vendor} ${device.model}`)}`;
    const profile = knownFor(device, place) ?? own;
    const told = {
      ...{ friendlyName: device.friendlyName, what: `${device.vendor} ${device.model}`.trim() },
      ...{ points: Object.keys(device.points), profile },
    };
    if (place.taken.has(topic)) return { ...told, remark: "in the site file already" };
    if (profile === own) files.set(own, fileFor(own, device));
    if (!TOPIC.test(topic))
      return { ...told, remark: "rename it in Zigbee2MQTT first: letters, digits, _ and - only" };
    const line = `  ${slug(device.friendlyName)}: { link: ${place.link}, profile: ${profile}, topic: ${topic} }`;
    return { ...told, line };
  });
  return { devices, files: [...files].map(([name, text]) => ({ name: `${name}.yaml`, text })) };
}
