// `gridwright hold | clear | ask`: requests to the running controller from a terminal, signed as the operator. Control
// weighs them like any other and answers with its reason; nothing here touches a device.
import { randomBytes } from "node:crypto";
import { render } from "@gridwright/contract/render.ts";
import { type Answer, REQUEST_TTL_MAX_MS, type RequestBody } from "@gridwright/contract/request.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import { millis } from "@gridwright/contract/units.ts";
import { createRequester, risingSeq } from "@gridwright/runtime/bus/requester.ts";
import { assetNamed } from "./asset-named.ts";
import { asOperator, type OperatorSeat } from "./operator-bus.ts";

export interface Answered {
  readonly answer: Answer;
  /** In English. */
  readonly words: string;
}

/** Sends one request from a seat on the bus, signed as the operator. */
export async function sendFrom(
  { model, bus, secrets, io }: OperatorSeat,
  body: RequestBody,
  ttlMs: number = REQUEST_TTL_MAX_MS,
): Promise<Answered> {
  const named = "asset" in body ? { ...body, asset: assetNamed(model, body.asset).id } : body;
  const requester = createRequester({
    bus,
    siteId: model.site.site.id,
    issuer: "operator",
    key: secrets.issuerKey("operator") ?? new Uint8Array(),
    seq: risingSeq(io),
    random: randomBytes,
    io,
  });
  const answer = await requester.send({ role: "technician", body: named, ttlMs: millis(ttlMs) });
  return { answer, words: render(answer.reason, { language: "en", names: assetNames(model) }) };
}

/** Takes a seat for one request. Whoever has one already sends from there: the broker lets in each name once. */
export const send = ({ body, data, ttlMs }: Pick<AskOptions, "body" | "data" | "ttlMs">): Promise<Answered> =>
  asOperator(data, (seat) => sendFrom(seat, body, ttlMs));

export interface AskOptions {
  readonly body: RequestBody;
  readonly data: string;
  readonly ttlMs?: number;
  readonly json: boolean;
  readonly write: (line: string) => void;
}

/** Where to see what became of it. */
const next = (body: RequestBody, outcome: string): string =>
  "asset" in body && outcome !== "refused" ? `. What it does now, and why: gridwright why ${body.asset}` : "";

/** Sends one request and tells the answer; returns the exit code: 0 taken, 1 refused. */
export async function ask({ json, write, ...asked }: AskOptions): Promise<number> {
  const { answer, words } = await send(asked);
  const said = answer.outcome === "accepted" ? words : `${answer.outcome}: ${words}`;
  write(json ? JSON.stringify(answer) : `${said}${next(asked.body, answer.outcome)}`);
  return answer.outcome === "refused" ? 1 : 0;
}
