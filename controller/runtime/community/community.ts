// The community's agreements beside accounts: proposed by one, consented by another, then asked of control, whose word
// counts. Everything is in the audit before it is answered.
import { Agreement, type Proposal } from "@gridwright/contract/agreement.ts";
import type { EmergencyAsked } from "@gridwright/contract/api-agreements.ts";
import type { Person } from "@gridwright/contract/people.ts";
import { render } from "@gridwright/contract/render.ts";
import type { Answer, RequestBody } from "@gridwright/contract/request.ts";
import type { PersonRole } from "@gridwright/contract/roles.ts";
import { inTurns } from "../clock/in-turn.ts";
import type { Desk } from "../people/people.ts";
import { newId } from "../people/people.ts";
import {
  type ConsentRefusal,
  consentRefusal,
  OPEN_MAX,
  openOf,
  type Proposals,
  type Proposed,
  withProposed,
} from "./proposals.ts";

const HOUR_MS = 3_600_000;

export interface CommunityParts {
  readonly kept: KeptProposals;
  readonly desk: Desk;
  /** Asks control. */
  readonly request: (ask: { readonly role: PersonRole; readonly body: RequestBody }) => Promise<Answer>;
}

export interface KeptProposals {
  /** As they were when they were opened. */
  readonly begin: Proposals;
  /** Resolves once they are on disk. */
  save(proposals: Proposals): Promise<void>;
}

export type CommunityRefusal = ConsentRefusal | "full" | "not-yours" | { readonly control: string };
type Outcome = Proposed | CommunityRefusal;

/** Who asks, and plant time. */
export interface Asks {
  readonly person: Person;
  readonly now: number;
}

export interface Community {
  all(): readonly Proposed[];
  propose(asks: Asks, proposal: Proposal): Promise<Outcome>;
  declare(asks: Asks, asked: EmergencyAsked): Promise<Outcome>;
  /** The second person's word: to a proposal, or to the end of what was agreed. */
  consent(asks: Asks, id: string): Promise<Outcome>;
  /** Takes an open proposal back, or proposes the end of what was agreed; an emergency ends at once. */
  end(asks: Asks, id: string): Promise<Outcome>;
}

interface State extends CommunityParts {
  proposals: Proposals;
}

async function keep(state: State, one: Proposed): Promise<Proposed> {
  state.proposals = withProposed(state.proposals, one);
  await state.kept.save(state.proposals);
  return one;
}

/** Undefined where control took it; else why not. */
async function askControl(state: State, { role }: Person, body: RequestBody): Promise<string | undefined> {
  const { outcome, reason } = await state.request({ role, body });
  return outcome === "refused" ? render(reason, { language: "en", names: {} }) : undefined;
}

const agreementOf = ({
  id,
  title,
  begins,
  ends,
  tiers,
  allowancesWh,
  ladder,
  emergency,
  by,
}: Proposed): Agreement =>
  Agreement.parse({ id, title, begins, ends, tiers, allowancesWh, ladder, emergency, by });

async function begin(state: State, { person }: Asks, one: Proposed): Promise<Outcome> {
  const control = await askControl(state, person, { kind: "agree", agreement: agreementOf(one) });
  await keep(
    state,
    control === undefined ? { ...one, state: "agreed" } : { ...one, state: "refused", why: control },
  );
  return control === undefined ? { ...one, state: "agreed" } : { control };
}

async function finish(state: State, { person }: Asks, one: Proposed): Promise<Outcome> {
  const body = { kind: "end-agreement", agreement: one.id, why: "the community ended it" } as const;
  const control = await askControl(state, person, body);
  // What control does not know any more has ended by its date.
  if (control !== undefined && !control.includes("no such agreement")) return { control };
  return keep(state, { ...one, state: "ended" });
}

async function consent(state: State, asks: Asks, id: string): Promise<Outcome> {
  const found = state.proposals.all.find((one) => one.id === id);
  const who = asks.person.id;
  const refused = consentRefusal(found, who);
  if (refused !== undefined || found === undefined) return refused ?? "gone";
  await state.desk.audit.note({
    who,
    did: "consented",
    about: { agreement: id, end: found.state === "agreed" },
  });
  return found.state === "open"
    ? begin(state, asks, { ...found, by: [...found.by, who] })
    : finish(state, asks, found);
}

async function end(state: State, asks: Asks, id: string): Promise<Outcome> {
  const found = state.proposals.all.find((one) => one.id === id);
  if (found === undefined) return "gone";
  const who = asks.person.id;
  if (found.state === "open") {
    if (!found.by.includes(who) && asks.person.role !== "admin") return "not-yours";
    await state.desk.audit.note({ who, did: "proposal-withdrawn", about: { agreement: id } });
    return keep(state, { ...found, state: "withdrawn" });
  }
  if (found.state !== "agreed") return "not-open";
  await state.desk.audit.note({
    who,
    did: found.emergency ? "emergency-ended" : "end-proposed",
    about: { agreement: id },
  });
  return found.emergency ? finish(state, asks, found) : keep(state, { ...found, endBy: who });
}

export function openCommunity(parts: CommunityParts): Community {
  const state: State = { ...parts, proposals: parts.kept.begin };
  /** One after the other: two who consent at once are one. */
  const inTurn = inTurns();
  const noted = async (did: "proposed" | "emergency-declared", { person, now }: Asks, terms: Proposal) => {
    const id = newId(state.desk, "agreement");
    await state.desk.audit.note({ who: person.id, did, about: { agreement: id, title: terms.title } });
    const emergency = did === "emergency-declared";
    return { id, ...terms, emergency, state: "open" as const, by: [person.id], at: now };
  };
  return {
    all: () => state.proposals.all,
    propose: (asks, proposal) =>
      inTurn(async () =>
        openOf(state.proposals) >= OPEN_MAX ? "full" : keep(state, await noted("proposed", asks, proposal)),
      ),
    declare: (asks, { title, hours, tiers }) =>
      inTurn(async () => {
        const ends = Math.round(asks.now + hours * HOUR_MS);
        const terms = { title, tiers, begins: null, ends, allowancesWh: {}, ladder: {} };
        return begin(state, asks, await noted("emergency-declared", asks, terms));
      }),
    consent: (asks, id) => inTurn(() => consent(state, asks, id)),
    end: (asks, id) => inTurn(() => end(state, asks, id)),
  };
}
