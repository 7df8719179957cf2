// What all answers of the ledger have in common: a site that keeps none says so, and a file has a name.
import type { Person } from "@gridwright/contract/people.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { FastifyReply } from "fastify";
import type { RunningLedger } from "../ledger/ledger.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

const NONE_HERE = "this site keeps no ledger: its site file has no ledger:";

/** Of fewer homes a sum, less one's own, is another's. */
const HOMES_MIN = 3;

/** Whether a person may see the community's sums: of two homes each would read the other's use from them. */
export const maySeeSums = ({ site }: SiteModel, { role }: Pick<Person, "role">): boolean =>
  Object.keys(site.members).length >= HOMES_MIN ||
  site.ledger?.sums === "agreed" ||
  mayAs(role, "technician");

/** A home's account is its own, and the technicians'. */
export const maySee = ({ role, member }: Person, whose: string): boolean =>
  member === whose || mayAs(role, "technician");

interface Asked {
  readonly web: Web;
  readonly reply: FastifyReply;
}

/** Gives what `tell` makes of the ledger; 404 where the site keeps none. */
export const fromLedger = ({ web, reply }: Asked, tell: (ledger: RunningLedger) => Promise<FastifyReply>) =>
  web.ledger === undefined ? sendProblem(reply, 404, NONE_HERE) : tell(web.ledger);

export const asFile = (reply: FastifyReply, name: string, type: string): FastifyReply =>
  reply.header("content-type", type).header("content-disposition", `attachment; filename="${name}"`);
