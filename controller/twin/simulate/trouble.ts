// What may befall a simulated day, as one list: weather, demand, faults of plant, devices, links and card, the
// controller's death, a wrong clock, people's requests. Data, so that a story is told and shortened entry by entry.
import type { Request } from "@gridwright/contract/request.ts";
import type { Fault } from "../plant/faults.ts";

/** How a device fails; «ok» is a device without an entry. */
export const DEVICE_MODES = ["off", "stuck", "garbage", "wrong", "slow", "delayed", "intermittent"] as const;
/** How a meter is connected wrongly: a clamp turned round, clamps on each other's phase, another meter's address. */
export const WIRING_MODES = ["backwards", "phase-swapped", "misaddressed"] as const;
export type WiringMode = (typeof WIRING_MODES)[number];
export type DeviceMode = (typeof DEVICE_MODES)[number] | WiringMode;
export const LINK_MODES = ["latency", "loss", "reorder", "duplicate", "partition"] as const;
export type LinkMode = (typeof LINK_MODES)[number];
/** What becomes of the journal's card when the controller dies. */
export const CARD_MODES = ["whole", "torn", "full", "flipped"] as const;
export type CardMode = (typeof CARD_MODES)[number];

export type Befalling =
  | { readonly kind: "plant"; readonly fault: Fault }
  | { readonly kind: "device"; readonly device: string; readonly mode: DeviceMode }
  | { readonly kind: "link"; readonly link: string; readonly mode: LinkMode }
  /** The controller's process dies and is away so long. */
  | { readonly kind: "kill"; readonly card: CardMode }
  /** The wall clock is wrong by so many ms. */
  | { readonly kind: "clock"; readonly byMs: number }
  | { readonly kind: "cloud"; readonly share: number }
  | { readonly kind: "demand"; readonly loads: readonly string[]; readonly share: number }
  | { readonly kind: "drain"; readonly loads: readonly string[]; readonly to: number }
  | { readonly kind: "request"; readonly request: Request };

/** `at` and `forMs` in plant ms since the start of the day. */
export type Trouble = Befalling & { readonly at: number; readonly forMs: number };

export const endOf = ({ at, forMs }: Trouble): number => at + forMs;

/** What a request is about. */
function subjectOf(body: Request["body"]): string {
  if ("asset" in body) return body.asset;
  if ("device" in body) return body.device;
  if (body.kind === "use") return body.machine;
  if (body.kind === "acknowledge") return body.alarm;
  if (body.kind === "flows") return body.why;
  if (body.kind === "flows-watch") return body.failed?.why ?? "in order";
  return body.kind === "agree" ? body.agreement.title : body.agreement;
}

const WORDS: { readonly [K in Befalling["kind"]]: (trouble: Extract<Befalling, { kind: K }>) => string } = {
  plant: ({ fault }) => `${fault.kind}${"asset" in fault ? ` (${fault.asset})` : ""}`,
  device: ({ device, mode }) => `device ${device} is ${mode}`,
  link: ({ link, mode }) => `link ${link}: ${mode}`,
  kill: ({ card }) => `the controller is killed, its card is ${card}`,
  clock: ({ byMs }) => `the wall clock is wrong by ${Math.round(byMs / 60_000)} min`,
  cloud: ({ share }) => `a cloud takes ${Math.round(share * 100)} % of the sun`,
  demand: ({ loads, share }) => `${loads.join(", ")} want ${Math.round(share * 100)} % of their rating`,
  drain: ({ loads, to }) => `${loads.join(", ")} stand at ${Math.round(to * 100)} %`,
  request: ({ request: { role, body } }) =>
    `a ${role} asks: ${body.kind} ${subjectOf(body)}${body.kind === "switch" ? (body.on ? " on" : " off") : ""}`,
};

/** One sentence of a person's story. */
export function troubleText(trouble: Befalling): string {
  const say = WORDS[trouble.kind] as (trouble: Befalling) => string;
  return say(trouble);
}
