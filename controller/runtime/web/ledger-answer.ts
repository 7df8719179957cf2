// What all answers of the ledger have in common: a site that keeps none says so, and a file has a name.
import type { FastifyReply } from "fastify";
import type { RunningLedger } from "../ledger/ledger.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

const NONE_HERE = "this site keeps no ledger: its site file has no ledger:";

interface Asked {
  readonly web: Web;
  readonly reply: FastifyReply;
}

/** Gives what `tell` makes of the ledger; 404 where the site keeps none. */
export const fromLedger = ({ web, reply }: Asked, tell: (ledger: RunningLedger) => Promise<FastifyReply>) =>
  web.ledger === undefined ? sendProblem(reply, 404, NONE_HERE) : tell(web.ledger);

export const asFile = (reply: FastifyReply, name: string, type: string): FastifyReply =>
  reply.header("content-type", type).header("content-disposition", `attachment; filename="${name}"`);
