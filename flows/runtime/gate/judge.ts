// The gate that every deploy passes, whatever route it takes: pure, from the flows and the known assets to what is wrong,
// each with its node. Nothing is mended silently. What the gate lets pass the controller still weighs: it is comfort for
// technicians and a first fence, never the only one.
import { windowOf } from "../../src/site/window.ts";
import { ALLOWED } from "./allowed.ts";
import { type Complaint, complain, type FlowNode, type KnownAsset } from "./flow-node.ts";

export const NODES_MAX = 400;
export const FLOWS_CHARS_MAX = 400_000;
const TTL_MIN_MAX = 15;
/** An inject node that fires more often is no clock but a load. */
const REPEAT_S_MIN = 1;

type Assets = ReadonlyMap<string, KnownAsset> | undefined;
type Look = (node: FlowNode, assets: Assets) => Complaint[];

/** How the controller must be able to do what is wished, and what is said where it is not. */
interface Way {
  readonly can: (asset: KnownAsset) => boolean;
  readonly otherwise: string;
}
const SWITCHED: Way = { can: ({ switched }) => switched, otherwise: "not-switched" };
const LIMITED: Way = { can: ({ control }) => control === "limit", otherwise: "not-limited" };
const STEERED: Way = { can: ({ control }) => control === "setpoint", otherwise: "not-steered" };

const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

function assetOf(node: FlowNode, assets: Assets): KnownAsset | undefined | Complaint[] {
  const id = text(node.asset);
  if (id === "") return [complain(node, "no-asset")];
  if (assets === undefined) return undefined;
  return assets.get(id) ?? [complain(node, "unknown-asset", { asset: id })];
}

const lookAtWish = (node: FlowNode, assets: Assets, way: Way): Complaint[] => {
  const minutes = Number(text(String(node.ttl ?? "")) || Number.NaN);
  const wrong: Complaint[] = [];
  if (!(minutes >= 1 && minutes <= TTL_MIN_MAX)) wrong.push(complain(node, "ttl", { max: TTL_MIN_MAX }));
  if (text(node.reason) === "") wrong.push(complain(node, "no-reason"));
  const asset = assetOf(node, assets);
  if (Array.isArray(asset)) return [...wrong, ...asset];
  if (asset !== undefined && !way.can(asset))
    return [...wrong, complain(node, way.otherwise, { asset: asset.id })];
  if (asset?.tier === 0) return [...wrong, complain(node, "tier-zero", { asset: asset.id })];
  return wrong;
};

const lookAtRequest: Look = (node, assets) => lookAtWish(node, assets, SWITCHED);
const lookAtLimit: Look = (node, assets) => lookAtWish(node, assets, LIMITED);
const lookAtBattery: Look = (node, assets) => lookAtWish(node, assets, STEERED);

const lookAtJob: Look = (node, assets) => {
  const asset = assetOf(node, assets);
  return [
    ...(text(node.reason) === "" ? [complain(node, "no-reason")] : []),
    ...(Array.isArray(asset) ? asset : []),
  ];
};

const lookAtConstraint: Look = (node, assets) => [
  ...lookAtRequest(node, assets),
  ...(windowOf(text(node.from), text(node.to)) === undefined ? [complain(node, "window")] : []),
];

/** Nodes that may look at everything. */
const lookAtAny: Look = (node, assets) => {
  const asset = text(node.asset) === "" ? undefined : assetOf(node, assets);
  return Array.isArray(asset) ? asset : [];
};

const lookAtReading: Look = (node, assets) => {
  const asset = assetOf(node, assets);
  if (Array.isArray(asset)) return asset;
  const point = text(node.point);
  return asset === undefined || asset.points.includes(point)
    ? []
    : [complain(node, "unknown-point", { asset: asset.id, point })];
};

const lookAtInject: Look = (node) => {
  const every = text(String(node.repeat ?? ""));
  return every !== "" && !(Number(every) >= REPEAT_S_MIN)
    ? [complain(node, "too-often", { min: REPEAT_S_MIN })]
    : [];
};

const lookAtFunction: Look = (node) =>
  Array.isArray(node.libs) && node.libs.length > 0 ? [complain(node, "modules")] : [];

const LOOKS: Readonly<Record<string, Look>> = {
  "gridwright-request": lookAtRequest,
  "gridwright-limit": lookAtLimit,
  "gridwright-battery": lookAtBattery,
  "gridwright-constraint": lookAtConstraint,
  "gridwright-reading": lookAtReading,
  "gridwright-decision": lookAtAny,
  "gridwright-job": lookAtAny,
  "gridwright-ask-job": lookAtJob,
  inject: lookAtInject,
  function: lookAtFunction,
};

function judgeType(node: FlowNode, subflows: ReadonlySet<string>): Complaint[] {
  const [, subflow] = /^subflow:(.+)$/.exec(node.type) ?? [];
  const known = subflow === undefined ? ALLOWED.has(node.type) : subflows.has(subflow);
  return known ? [] : [complain(node, "type", { type: node.type })];
}

const isNode = (one: unknown): one is FlowNode =>
  typeof one === "object" &&
  one !== null &&
  typeof (one as FlowNode).id === "string" &&
  typeof (one as FlowNode).type === "string";

const whole = (code: string, params: Complaint["params"]): Complaint[] => [{ code, params }];

/** All that is wrong; nothing: it may be deployed. `assets`: undefined where the site could not be asked. */
export function judge(flows: unknown, assets: readonly KnownAsset[] | undefined): readonly Complaint[] {
  if (!Array.isArray(flows) || !flows.every(isNode)) return whole("no-flows", {});
  if (flows.length > NODES_MAX) return whole("too-many", { count: flows.length, max: NODES_MAX });
  if (JSON.stringify(flows).length > FLOWS_CHARS_MAX) return whole("too-large", { max: FLOWS_CHARS_MAX });
  const known = assets && new Map(assets.map((asset) => [asset.id, asset]));
  const subflows = new Set(flows.filter(({ type }) => type === "subflow").map(({ id }) => id));
  return flows.flatMap((node) => {
    const look = Object.hasOwn(LOOKS, node.type) ? LOOKS[node.type] : undefined;
    return [...judgeType(node, subflows), ...(look?.(node, known) ?? [])];
  });
}
