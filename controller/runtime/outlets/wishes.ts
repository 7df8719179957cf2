// Wishes that come in on `…/switch/set`, from Home Assistant or any other client of the broker: each becomes a signed
// request that control weighs like any other, for fifteen minutes, and its answer is told in words. One at a time per
// load; of those that come meanwhile the newest counts. Nothing here reaches a device.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { mayBeAsked, outwardTopics, shownAssets } from "@gridwright/contract/outward.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { render } from "@gridwright/contract/render.ts";
import {
  type Answer,
  REQUEST_TTL_MAX_MS,
  type RequestBody,
  type Role,
} from "@gridwright/contract/request.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Millis, millis } from "@gridwright/contract/units.ts";
import { createRate } from "../broker/rate.ts";

/** Signs a request as services and gives control's answer; rejects when there is none in time. */
export type Request = (ask: {
  readonly role: Role;
  readonly body: RequestBody;
  readonly ttlMs: Millis;
}) => Promise<Answer>;

export interface WishesOptions {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly io: Clock;
  readonly log: Log;
  readonly request: Request;
  /** Told of each answer, in words. */
  readonly onAnswer: (asset: string, text: string) => void;
}

/** Wishes in a second, of all loads together; more are dropped. */
export const WISHES_PER_SECOND = 5;
const WHY = "Home Assistant";
const WISH: Readonly<Record<string, boolean>> = { true: true, false: false };

interface Turn {
  /** What came while another wish was on its way. */
  next: boolean | undefined;
}

/** Listens for wishes as long as the bus lives. */
export function listenForWishes(options: WishesOptions): void {
  const { model, bus, io, log } = options;
  const at = outwardTopics(model.site.site.id);
  const assets = new Map(
    shownAssets(model)
      .filter(mayBeAsked)
      .map(({ id }) => [at.set(id), id]),
  );
  const underWay = new Map<string, Turn>();
  const withinRate = createRate(io, WISHES_PER_SECOND);
  bus.subscribe(at.set("+"), (topic, payload, retained) => {
    const asset = assets.get(topic);
    const on = Object.hasOwn(WISH, payload) ? WISH[payload] : undefined;
    if (asset === undefined || on === undefined || retained) {
      log.warn("a wish from outside was not taken", { topic, payload: payload.slice(0, 40), retained });
      return;
    }
    const turn = underWay.get(asset);
    if (turn !== undefined) turn.next = on;
    else if (withinRate()) void fulfil(asset, on, { ...options, underWay });
    else options.onAnswer(asset, "refused: too many wishes at once");
  });
}

interface Work extends WishesOptions {
  readonly underWay: Map<string, Turn>;
}

async function fulfil(asset: string, first: boolean, work: Work): Promise<void> {
  const turn: Turn = { next: first };
  work.underWay.set(asset, turn);
  while (turn.next !== undefined) {
    const on = turn.next;
    turn.next = undefined;
    work.onAnswer(asset, await answerTo(asset, on, work));
  }
  work.underWay.delete(asset);
}

async function answerTo(asset: string, on: boolean, { request, model, log }: Work): Promise<string> {
  const body: RequestBody = { kind: "switch", asset, on, why: WHY };
  try {
    const answer = await request({ role: "member", body, ttlMs: millis(REQUEST_TTL_MAX_MS) });
    const names = assetNames(model);
    return `${answer.outcome}: ${render(answer.reason, { language: "en", names })}`;
  } catch (error) {
    const why = error instanceof GridwrightError ? error.message : "it could not be asked; see the log";
    log.warn("a wish from outside had no answer", { asset, on, error: String(error) });
    return `no answer: ${why}`;
  }
}
