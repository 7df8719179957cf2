// What the web side is given and what its routes share. Types only, so that routes and the root do not import each other.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Bus, History } from "@gridwright/contract/ports.ts";
import type { Answer, RequestBody } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { View } from "../live/view.ts";
import type { Stream } from "./stream.ts";

export interface WebOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly history: History;
  /** The operator's; what writes needs it as Bearer. */
  readonly token: string;
  /** The built page. */
  readonly pageDir: string;
  readonly log: Log;
  readonly io: Clock;
  readonly recorderStatus?: () => Readonly<Record<string, unknown>>;
  /** Signs a request, sends it to control and gives its answer. */
  readonly request?: (body: RequestBody) => Promise<Answer>;
}

/** What the routes work with. */
export interface Web extends WebOptions {
  readonly view: View;
  readonly stream: Stream;
}
