// Errors of the HTTP API as problem+json (RFC 9457): a status, a title that names the kind and a detail that says
// what to do. Never a stack, a path or a secret.
import type { ApiProblem } from "@gridwright/contract/api.ts";
import type { FastifyReply } from "fastify";
import type { Refusal } from "../people/people.ts";

const TITLES: Readonly<Record<number, string>> = {
  400: "The request was not understood",
  401: "It is not known who asks",
  403: "That is not allowed",
  404: "There is nothing here",
  405: "That cannot be done here",
  409: "That does not fit what is there",
  413: "The request is too large",
  415: "The request must be JSON",
  428: "A second step is needed",
  429: "Too many requests",
  500: "Something went wrong inside",
  503: "Not available now",
  504: "It took too long",
};

export const problemOf = (status: number, detail: string): ApiProblem => ({
  type: "about:blank",
  title: TITLES[status] ?? "The request failed",
  status,
  detail,
});

/** Sends a problem; returns the reply for `return`. */
export const sendProblem = (reply: FastifyReply, status: number, detail: string): FastifyReply =>
  reply.code(status).type("application/problem+json").send(problemOf(status, detail));

const REFUSALS: Readonly<Record<Refusal["no"], readonly [status: number, detail: string]>> = {
  wrong: [401, "login or password is wrong"],
  gone: [404, "it is not there, used up or too old"],
  taken: [409, "that login is taken; choose another one"],
  "last-admin": [409, "somebody must stay admin; make another one first"],
  "unknown-member": [400, "the site has no such house; see members of /api/v1/site"],
  guest: [409, "a guest is a viewer or a member with an end ahead, within 366 days"],
  ended: [403, "your time as a guest is over; an admin may prolong it"],
  full: [409, "there are too many already; remove one first"],
  busy: [503, "too many sign in at once; try again"],
  second: [428, "the code of the second step is needed, or a recovery code"],
  code: [401, "the code does not fit, or was used already; phone and controller must agree on the time"],
  "second-needed": [409, "your role must have a second step"],
  "second-first": [409, "set your own second step up first"],
  wait: [429, "too many wrong passwords or codes"],
};
const BUSY_S = 2;

/** Sends why people or accounts were refused something. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const [status, detail] = REFUSALS[refusal.no];
  if (refusal.no === "busy") reply.header("retry-after", String(BUSY_S));
  if (refusal.no !== "wait") return sendProblem(reply, status, detail);
  const seconds = Math.ceil(refusal.ms / 1_000);
  return sendProblem(reply.header("retry-after", String(seconds)), status, `${detail}; wait ${seconds} s`);
}

/** Says that it is done, or why not. */
export const sendDone = (reply: FastifyReply, refusal: Refusal | undefined): FastifyReply =>
  refusal === undefined ? reply.code(204).send() : sendRefusal(reply, refusal);
