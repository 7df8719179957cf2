// Which processes run, by what a service manager says of them, and by their ids where there is none.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Host } from "./host.ts";
import { unitFacts } from "./unit-facts.ts";

const NOTHING: Host = {
  ...{ read: () => undefined, list: () => [], link: () => undefined, mode: () => undefined },
  ...{ room: () => undefined, run: async () => undefined },
};
const manager = (said: string): Host => ({ ...NOTHING, run: async () => said });
const block = (process: string, active: string, [restarts, condition, load]: readonly string[]): string =>
  [
    `NRestarts=${restarts}`,
    `Id=gridwright-${process}.service`,
    ...[`LoadState=${load}`, `ActiveState=${active}`, `ConditionResult=${condition}`],
  ].join("\n");
const states = async (host: Host, installation?: string, pids = {}): Promise<readonly string[] | undefined> =>
  (await unitFacts(host, { installation, pids, broker: "gridwright-broker" }))?.map(
    ({ name, state, restarts, isControl }) => `${name} ${state} ${restarts}${isControl ? " (control)" : ""}`,
  );

it("an installed site's units are told by the service manager", async () => {
  const said = [
    block("control", "activating", ["5", "yes", "loaded"]),
    block("broker", "active", ["2", "yes", "loaded"]),
    block("services", "inactive", ["0", "yes", "loaded"]),
    block("flows", "inactive", ["0", "no", "loaded"]),
  ].join("\n\n");
  assert.deepEqual(await states(manager(`${said}\n`), "/opt/gridwright"), [
    ...["gridwright-control again 5 (control)", "gridwright-broker up 2", "gridwright-services down 0"],
  ]);
});

it("the broker's unit is the one that the site file names, and none where it is elsewhere", async () => {
  const asked: (readonly string[])[] = [];
  const host: Host = { ...NOTHING, run: async (_program, args) => void asked.push(args.slice(2)) };
  for (const broker of ["mosquitto", undefined] as const)
    await unitFacts(host, { installation: "/opt/gridwright", pids: {}, broker });
  const [control, ...others] = ["control", "services", "flows"].map((name) => `gridwright-${name}.service`);
  assert.deepEqual(asked, [
    [control, "mosquitto.service", ...others],
    [control, ...others],
  ]);
});

it("what waits for the site file is no unit that fell, and one that is starting is none that fails", async () => {
  const said = [
    block("control", "inactive", ["0", "no", "loaded"]),
    block("broker", "activating", ["0", "yes", "loaded"]),
    block("flows", "inactive", ["0", "no", "not-found"]),
  ].join("\n\n");
  assert.deepEqual(await states(manager(said), "/opt/gridwright"), [
    ...["gridwright-control waits 0 (control)", "gridwright-broker starting 0"],
  ]);
});

it("a confined process that the manager tells nothing does not guess", async () => {
  assert.equal(await states(NOTHING, "/opt/gridwright", { control: 411 }), undefined);
  assert.equal(await states(manager(""), "/opt/gridwright"), undefined);
});

it("without a service manager it is the processes' own ids that are looked for", async () => {
  const host = { ...NOTHING, list: (folder: string) => (folder === "/proc/411" ? ["stat"] : []) };
  assert.deepEqual(await states(host, undefined, { control: 411, broker: 412 }), [
    ...["control up 0 (control)", "broker down 0"],
  ]);
});
