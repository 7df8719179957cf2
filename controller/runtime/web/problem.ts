// Errors of the HTTP API as problem+json (RFC 9457): a status, a title that names the kind and a detail that says
// what to do. Never a stack, a path or a secret.
import type { ApiProblem } from "@gridwright/contract/api.ts";
import type { FastifyReply } from "fastify";

const TITLES: Readonly<Record<number, string>> = {
  400: "The request was not understood",
  401: "The operator's token is needed",
  403: "That may not come from there",
  404: "There is nothing here",
  405: "That cannot be done here",
  413: "The request is too large",
  415: "The request must be JSON",
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
