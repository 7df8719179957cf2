// What the web side is given and what its routes share. Types only, so that routes and the root do not import each other.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { PlanReport } from "@gridwright/contract/plan/site-plan.ts";
import type { Bus, History } from "@gridwright/contract/ports.ts";
import type { Answer, RequestBody, Role } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Millis } from "@gridwright/contract/units.ts";
import type { Alerter } from "../alerts/alerter.ts";
import type { Community } from "../community/community.ts";
import type { Contests } from "../community/contests.ts";
import type { Doctor } from "../doctor/doctor.ts";
import type { FlowsDoor } from "../flows/flows-door.ts";
import type { Trials } from "../flows/trials.ts";
import type { Oops } from "../jobs/oops.ts";
import type { Workshop } from "../jobs/workshop.ts";
import type { Backwards, FoundBackwards } from "../journal/backwards.ts";
import type { RunningLedger } from "../ledger/ledger.ts";
import type { View } from "../live/view.ts";
import type { Desk } from "../people/people.ts";
import type { RecorderStatus } from "../recorder/recorder.ts";
import type { SiteTls } from "../tls/site-tls.ts";
import type { Stream } from "./stream.ts";
import type { Wears } from "./wear.ts";

/** What a person, or a technician's flow, asks of control. */
export interface Asking {
  readonly role: Role;
  /** How long it holds at most; a person's as long as one may. */
  readonly ttlMs?: Millis;
  /** Their house. */
  readonly member?: string;
  readonly body: RequestBody;
}

/** One address of this machine in the people's network. */
export interface SecurePlace {
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  /** The certificate as it is now, renewed where it is time. */
  readonly tls: () => Promise<SiteTls>;
}

/** The journal, from the newest record back. */
export type JournalBack = (asked: Omit<Backwards, "dir">) => Promise<FoundBackwards>;

export interface WebOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly history: History;
  /** Accounts, sessions and the audit. */
  readonly desk: Desk;
  /** A simulated plant on loopback: nobody signs in, everybody may take any role. Never on a real site. */
  readonly demo: boolean;
  /** Also in the network of the people, by TLS; none: loopback alone. Never in the demo. */
  readonly lan?: SecurePlace;
  /** The built page. */
  readonly pageDir: string;
  readonly log: Log;
  readonly io: Clock;
  /** The plan as it stands; without it nobody plans here. */
  readonly plan?: () => PlanReport;
  /** The workshop's queue; without it there is none here. */
  readonly workshop?: Workshop;
  /** How much faster than the host's clock a trial's plant is: so much shorter is what limits count by. None: a live one. */
  readonly pace?: number;
  /** Without it nothing older than what services hold is told. */
  readonly journal?: JournalBack;
  /** Machines that members hold; without it there are none here. */
  readonly oops?: Oops;
  /** Without it alarms stay on the page. */
  readonly alerts?: Alerter;
  /** Without it nobody looks at the machine. */
  readonly doctor?: Pick<Doctor, "report">;
  /** Without it the site keeps no ledger. */
  readonly ledger?: RunningLedger;
  /** What people agree beside the site file; without it there is none here. */
  readonly community?: Community;
  /** Decisions that members contest; without it there are none here. */
  readonly contests?: Contests;
  /** The technicians' flows; without it there are none here. */
  readonly flows?: FlowsDoor;
  /** Trials of them on a twin; without it there are none here. */
  readonly trials?: Trials;
  readonly recorderStatus?: () => RecorderStatus;
  /** Signs a request, sends it to control and gives its answer. */
  readonly request?: (ask: Asking) => Promise<Answer>;
}

/** What the routes work with. */
export interface Web extends WebOptions {
  readonly view: View;
  readonly stream: Stream;
  readonly wears: Wears;
}
