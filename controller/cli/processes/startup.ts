// What the supervisor tells a process when it starts it, and what the process answers once it serves. Plain JSON.
import type { FlowsPlace } from "@gridwright/contract/flows-place.ts";
import type { FlowNode } from "@gridwright/flows/runtime/gate/flow-node.ts";

/** Exit code by which a process says that starting again would not help. */
export const EXIT_HOPELESS = 78;

interface Common {
  /** Folder for everything that is written. */
  readonly dataDir: string;
  readonly siteFile: string;
}

/** Where the twin gives out plant time; absent on a live site. */
export interface PacePlace {
  readonly host: string;
  readonly port: number;
}

/** One address of this machine in the people's network, and a port. */
export interface LanPlace {
  readonly address: string;
  readonly port: number;
}

export type Startup = Common &
  (
    | {
        readonly process: "twin";
        readonly pacePort: number;
        readonly scenarioFile: string;
        readonly seed: number;
        readonly startAt: number;
        readonly speed: number;
        /** Go on at 1× once the present is reached. */
        readonly catchUp: boolean;
        readonly brokerPort: number;
      }
    | {
        readonly process: "box";
        /** The link whose box is emulated. */
        readonly link: string;
        readonly pace: PacePlace;
      }
    | { readonly process: "broker"; readonly port: number }
    | { readonly process: "control"; readonly brokerPort: number; readonly pace?: PacePlace }
    | {
        readonly process: "services";
        readonly brokerPort: number;
        readonly pagePort: number;
        /** Nobody signs in; everything is simulated. */
        readonly demo: boolean;
        /** Also there, by TLS; never in the demo. */
        readonly lan?: LanPlace;
        readonly pace?: PacePlace;
        /** Where the technicians' flows are; none: there are none here. */
        readonly flows?: FlowsPlace;
        /** Programs beside this installed site get from it what they need. */
        readonly equips?: true;
        /** Whose habits people of the site's twin have; none: `scenario.yaml` beside the site file, else a guess. */
        readonly scenarioFile?: string;
      }
    | (FlowsPlace & {
        readonly process: "flows";
        /** Node-RED's own folder. */
        readonly userDir: string;
        /** The package of our nodes. */
        readonly packageDir: string;
        readonly apiUrl: string;
        /** Starts no flow: they crashed it too often. */
        readonly safe: boolean;
        /** Examples that a new folder begins with. */
        readonly examples: readonly string[];
        /** These flows on a twin, and nothing kept. */
        readonly trial?: FlowsOnTrial;
      })
  );

/** Flows that are tried, in the time of a simulated plant. */
export interface FlowsOnTrial {
  readonly flows: readonly FlowNode[];
  /** How many times faster than the host's clock at most. */
  readonly pace: number;
  /** Wall time of the plant when they begin, ms. */
  readonly origin: number;
  /** Of loopback, where it is told how far the plant is. */
  readonly timePort: number;
}

export interface Started {
  readonly ready: true;
  readonly pid: number;
  /** Listening ports by purpose: `mqtt`, `page`, `pace`. */
  readonly ports: Readonly<Record<string, number>>;
}
