// Which processes of a site run: installed, as the service manager says; else by their own ids.
import type { UnitFact } from "@gridwright/core/doctor/facts.ts";
import type { Host } from "./host.ts";

const UNITS = ["gridwright-control", "gridwright-services", "gridwright-flows"] as const;
/** Which unit is the site's broker; none: it is elsewhere. */
export type BrokerUnit = "gridwright-broker" | "mosquitto" | undefined;
const PROPERTIES = "--property=Id,LoadState,ActiveState,NRestarts,ConditionResult";

/** `Id=gridwright-control.service` … */
const told = (block: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    block.split("\n").map((line) => [line.split("=", 1)[0] ?? "", line.replace(/^[^=]*=/, "")]),
  );

function stateOf({ ActiveState, NRestarts, ConditionResult }: ReturnType<typeof told>): UnitFact["state"] {
  if (ActiveState === "active") return "up";
  if (ActiveState === "activating") return NRestarts === "0" ? "starting" : "again";
  return ConditionResult === "no" ? "waits" : "down";
}

function unitIn(block: string): readonly UnitFact[] {
  const said = told(block);
  const name = (said.Id ?? "").replace(/\.service$/, "");
  const state = stateOf(said);
  // Flows are only where they are wanted.
  if (said.LoadState !== "loaded" || (name === "gridwright-flows" && state === "waits")) return [];
  const restarts = Number(said.NRestarts ?? 0);
  return [{ name, state, restarts, isUnit: true, isControl: name === "gridwright-control" }];
}

export interface UnitsAsked {
  readonly broker: BrokerUnit;
  readonly installation?: string | undefined;
  /** Process → pid. */
  readonly pids: Readonly<Record<string, number>>;
}

/** Undefined: the service manager does not tell. A confined unit sees no other process, so that its own look would be no answer. */
export async function unitFacts(
  host: Host,
  { installation, pids, broker }: UnitsAsked,
): Promise<readonly UnitFact[] | undefined> {
  if (installation === undefined)
    return Object.entries(pids).map(([name, pid]) => ({
      ...{ name, isUnit: false, isControl: name === "control", restarts: 0 },
      state: host.list(`/proc/${pid}`).length > 0 ? "up" : "down",
    }));
  const [control, ...others] = UNITS;
  const units = [control, ...(broker === undefined ? [] : [broker]), ...others].map(
    (name) => `${name}.service`,
  );
  const said = await host.run("systemctl", ["show", PROPERTIES, ...units]);
  const found = (said ?? "").trim().split(/\n\n+/).flatMap(unitIn);
  return found.length === 0 ? undefined : found;
}
