// `gridwright scan`: who is there behind a host, a serial port or in a small network, and what to write into site.yaml.
// It only reads, one request at a time on one connection.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Profile } from "@gridwright/contract/profile.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { Identity } from "@gridwright/protocols/identify/identify.ts";
import {
  type FoundPlace,
  type FoundUnit,
  type LinkPlace,
  nameOf,
  propose,
} from "@gridwright/protocols/identify/propose.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { listenersOf } from "@gridwright/runtime/commission/listeners.ts";
import { ALL_UNITS, LIKELY_UNITS, scan } from "@gridwright/runtime/commission/scan.ts";
import { allProfiles } from "../load-site.ts";
import type { ScanTarget } from "./scan-target.ts";
import { table } from "./table.ts";

export interface ScanCommand {
  readonly target: ScanTarget;
  /** Ports that a network is asked on. */
  readonly ports: readonly number[];
  /** Unit ids; none: the likely ones. */
  readonly units?: readonly number[];
  readonly all: boolean;
  /** The folder of a site file, whose own profiles are known too. */
  readonly siteFolder?: string;
  readonly timeoutMs: number;
  readonly json: boolean;
  readonly write: (line: string) => void;
  /** Told how far it is; overwritten by the next. */
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

const place = (link: LinkPlace): string => {
  if (link.kind === "modbus-rtu") return `serial:${link.device}`;
  return `${link.kind === "modbus-tcp" ? "tcp" : "rtu+tcp"}://${link.host}:${link.port}`;
};

async function placesOf({ target, ports, signal, progress }: ScanCommand): Promise<readonly LinkPlace[]> {
  if (target.kind === "place") return [target.place];
  const listeners = await listenersOf({
    ...{ hosts: target.hosts, ports, signal },
    onProgress: (done, of) => progress(`${done} of ${of} addresses asked for a connection`),
  });
  return listeners.map(({ host, port }) => ({ kind: "modbus-tcp", host, port }));
}

async function scanPlace(
  link: LinkPlace,
  profiles: readonly Profile[],
  command: ScanCommand,
): Promise<FoundPlace> {
  const units = command.units ?? (command.all ? ALL_UNITS : LIKELY_UNITS);
  const scanning = scan({
    ...{ link: { ...link, timeout: millis(command.timeoutMs) }, units, profiles, io: hostClock() },
    signal: command.signal,
    onProgress: ({ unit, done, of, found: count }) =>
      command.progress(`${place(link)}  unit ${unit} (${done + 1} of ${of}), ${count} found`),
  });
  try {
    return { link, units: await scanning };
  } catch (error) {
    // In a network one place that ends the connection is no reason to leave the others out.
    if (!(error instanceof GridwrightError) || error.code !== "link-down") throw error;
    if (command.target.kind === "place") throw named(error, link);
    return { link, units: [], trouble: error.message };
  }
}

/** What to look at when there is no connection. */
function named(error: GridwrightError, link: LinkPlace): GridwrightError {
  const cure =
    link.kind === "modbus-rtu"
      ? "The ports of this machine are in /dev/serial/by-id; is it plugged in, may you open it, and does no other program hold it?"
      : "Is the address right, is Modbus switched on at the device, and is no other program connected to it?";
  return new GridwrightError("link-down", `${error.message}. ${cure}`.replace("..", "."), { cause: error });
}

function knownBy({ sunspec, deviceId, serverId, profiles, guessed }: Identity): string {
  if (sunspec) return `SunSpec at ${sunspec.base}: models ${sunspec.models.join(" ")}`;
  if (guessed) return "a guess: its voltages and frequency look right";
  if (profiles.length > 0) return "registers as in the profile";
  if (deviceId) return "device id (function 43)";
  return serverId ? "server id (function 17)" : "answers, but does not say who it is";
}

const row = ({ unit, identity, sameAs }: FoundUnit): readonly string[] =>
  sameAs === undefined
    ? [
        String(unit),
        nameOf(identity) || "?",
        identity.sunspec?.serial || identity.deviceId?.revision || "",
        identity.profiles[0] ?? "none fits",
        knownBy(identity),
      ]
    : [String(unit), `the same device as unit ${sameAs}`, "", "", ""];

/** The commonest mistake of all: the right profile, the words the other way round. */
function turnedLine({ unit, identity }: FoundUnit): readonly string[] {
  const [first] = identity.turned ?? [];
  if (first === undefined) return [];
  const names = identity.turned?.map(({ profile }) => profile).join(" or ");
  return [
    `Unit ${unit} would fit ${names} with its words the other way round: where its word order is a setting, change that; else copy the profile into the site's own folder and write words: ${first.words}.`,
  ];
}

function show(
  found: readonly FoundPlace[],
  profiles: ReadonlyMap<string, Profile>,
  command: ScanCommand,
): void {
  const { write } = command;
  for (const { link, units, trouble } of found) {
    const nobody = trouble ?? "nobody answers under the unit ids asked";
    write(`${place(link)}: ${units.length === 0 ? nobody : "found"}`);
    if (units.length > 0)
      for (const line of [
        ...table(["UNIT", "DEVICE", "SERIAL", "PROFILE", "KNOWN BY"], units.map(row)),
        ...units.flatMap(turnedLine),
      ])
        write(`  ${line}`);
    write("");
  }
  const proposal = propose(found, profiles);
  if (proposal !== undefined)
    write(
      `For site.yaml (where it has links:, devices: and assets: already, put the lines below each):\n\n${proposal.text}\n\nThen: gridwright check site.yaml, and gridwright read ${proposal.devices[0]?.id} --config site.yaml`,
    );
  else write(hint(found, command));
}

function hint(found: readonly FoundPlace[], { all, units }: ScanCommand): string {
  if (found.some((one) => one.units.length > 0))
    return "No profile fits what answers. With its register table you can write one: see «Add a device» in CONTRIBUTING.md.";
  const more = all || units ? "" : " --all asks every unit id from 1 to 247;";
  return `Nothing to propose.${more} is Modbus switched on at the device, and is no other program connected to it?`;
}

/** Scans and prints; returns the exit code: 0 when something answered. */
export async function runScan(command: ScanCommand): Promise<number> {
  const { profiles } = allProfiles(command.siteFolder);
  const places = await placesOf(command);
  const found: FoundPlace[] = [];
  for (const link of places) {
    if (command.signal.aborted) break;
    found.push(await scanPlace(link, [...profiles.values()], command));
  }
  command.progress("");
  if (command.signal.aborted && !command.json) command.write("Ended early; this is what was found so far.\n");
  if (command.json) {
    const { text, devices } = propose(found, profiles) ?? { text: "", devices: [] };
    command.write(JSON.stringify({ places: found, proposal: text, devices }, null, 2));
  } else if (places.length === 0) command.write("No address of this network takes a Modbus TCP connection.");
  else show(found, profiles, command);
  return found.some(({ units }) => units.length > 0) ? 0 : 1;
}
