// `gridwright scan mqtt`: what stands behind the Zigbee2MQTT bridges of the running site, by their own lists, and what to
// write for it. Other MQTT devices say nothing before they have a login (gridwright device add). It only listens.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { millis, seconds } from "@gridwright/contract/units.ts";
import { proposeZigbee, type ZigbeeProposal } from "@gridwright/protocols/mqtt/zigbee-proposal.ts";
import { zigbeeDevices } from "@gridwright/protocols/mqtt/zigbee2mqtt-exposes.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { allProfiles } from "../load-site.ts";
import { findRunning, joinBus, type Operator } from "./operator.ts";
import { table } from "./table.ts";

export interface ScanMqttCommand {
  readonly data: string;
  readonly json: boolean;
  readonly write: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A bridge's list is kept at the broker: it comes at once or not at all. */
const LIST_MAX = seconds(5);
const STEP = millis(50);

const bridgesOf = ({ model }: Operator): readonly DeviceModel[] =>
  Object.values(model.devices).filter(
    ({ profile, spec }) => profile.protocol === "zigbee2mqtt" && spec.topic?.includes("/") === false,
  );

/** What each bridge lists, by its device; undefined: it said nothing. */
async function listsOf(operator: Operator, bridges: readonly DeviceModel[], signal: AbortSignal) {
  const lists = new Map<string, string>();
  for (const { id, spec } of bridges)
    operator.bus.subscribe(`${spec.topic}/bridge/devices`, (_, payload) => lists.set(id, payload));
  const io = hostClock();
  for (let waited = 0; waited < LIST_MAX && lists.size < bridges.length && !signal.aborted; waited += STEP)
    await io.sleep(STEP);
  return lists;
}

function proposalOf({ model }: Operator, { spec }: DeviceModel, list: string): ZigbeeProposal {
  const topics = Object.values(model.devices).flatMap((device) => device.spec.topic ?? []);
  return proposeZigbee(zigbeeDevices(list), {
    ...{ link: spec.link, base: spec.topic ?? "", taken: new Set(topics) },
    profiles: allProfiles().profiles,
  });
}

function show(bridge: DeviceModel, { devices, files }: ZigbeeProposal, write: (line: string) => void): void {
  write(
    `${bridge.id} (${bridge.spec.topic}): ${devices.length === 0 ? "nothing that could serve" : "found"}`,
  );
  const rows = devices.map(({ friendlyName, what, points, profile, remark }) => [
    ...[friendlyName, what, points.join(" "), remark === undefined ? profile : remark],
  ]);
  if (rows.length > 0)
    for (const line of table(["NAME", "DEVICE", "TELLS", "PROFILE"], rows)) write(`  ${line}`);
  for (const { name, text } of files)
    write(`\nA file profiles/${name} beside site.yaml, to be looked at:\n\n${text.trimEnd()}`);
  const lines = devices.flatMap(({ line }) => line ?? []);
  if (lines.length > 0)
    write(
      `\nFor devices: in site.yaml (an asset then says what each serves, see docs/site.md):\n\n${lines.join("\n")}`,
    );
  write("");
}

/** Listens, prints; returns the exit code: 0 when a bridge listed something. */
export async function runScanMqtt({ data, json, write, signal }: ScanMqttCommand): Promise<number> {
  const running = findRunning(data);
  if (running === undefined)
    throw new GridwrightError("usage", `Nothing runs on ${data}: the broker is reached while the site runs.`);
  const operator = await joinBus(running);
  try {
    const bridges = bridgesOf(operator);
    if (bridges.length === 0)
      throw new GridwrightError(
        "usage",
        "The site has no Zigbee2MQTT bridge: give it a device with profile zigbee2mqtt-bridge and topic zigbee2mqtt, then gridwright device add. Other MQTT devices are not searched for: each needs a login first (gridwright device add).",
      );
    const lists = await listsOf(operator, bridges, signal);
    const found = bridges.map((bridge) => ({ bridge, list: lists.get(bridge.id) }));
    const told = found.flatMap(({ bridge, list }) =>
      list === undefined ? [] : [{ bridge, proposal: proposalOf(operator, bridge, list) }],
    );
    if (json)
      write(JSON.stringify(Object.fromEntries(told.map(({ bridge, proposal }) => [bridge.id, proposal]))));
    else {
      for (const { bridge, list } of found)
        if (list === undefined)
          write(
            `${bridge.id} (${bridge.spec.topic}): says nothing; does it run, with the login of ${bridge.id}?`,
          );
      for (const { bridge, proposal } of told) show(bridge, proposal, write);
    }
    return told.some(({ proposal }) => proposal.devices.length > 0) ? 0 : 1;
  } finally {
    await operator.bus.close();
  }
}
