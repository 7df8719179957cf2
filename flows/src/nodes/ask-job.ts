// Asks the workshop's queue for a job at each message, for a machine that nobody must answer for, and cancels it where the message
// says null. When it begins and ends the job node tells.
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Config, Red, RedNode, Send } from "../red.ts";
import { type SiteNode, siteOf } from "./site.ts";

const PATH = "/api/v1/flows/jobs";
const MINUTES_MAX = 1_440;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly promise: { readonly at: number; readonly endsAt: number } | null;
}

interface Form {
  readonly machine: string;
  readonly minutes: number;
  readonly withinMinutes?: number;
  readonly what: string;
}

function formOf({ asset, minutes, within, reason }: Config): Form | string {
  const [length, hours] = [Number(minutes), Number(within)];
  if (!asset) return "name a machine";
  if (!(length >= 1 && length <= MINUTES_MAX)) return "say how many minutes it takes";
  if (!reason?.trim()) return "say what it is";
  const before = hours > 0 ? { withinMinutes: hours * 60 } : {};
  return { machine: asset, minutes: length, what: reason.trim(), ...before };
}

class Queued {
  readonly #node: RedNode;
  readonly #site: SiteNode;
  readonly #form: Form;
  #job: string | undefined;

  constructor(node: RedNode, site: SiteNode, form: Form) {
    this.#node = node;
    this.#site = site;
    this.#form = form;
  }

  async ask(send: Send): Promise<void> {
    await this.#try(send, async () => {
      const job = (await this.#site.connection.send("POST", PATH, this.#form)) as Job;
      this.#job = job.id;
      this.#node.status({ fill: "green", shape: "dot", text: job.state });
      const { at, endsAt } = job.promise ?? {};
      return { topic: this.#form.machine, payload: true, job: job.id, state: job.state, at, endsAt };
    });
  }

  async cancel(send: Send): Promise<void> {
    const id = this.#job;
    if (id === undefined) return;
    await this.#try(send, async () => {
      await this.#site.connection.send("DELETE", `${PATH}/${id}`);
      this.#job = undefined;
      this.#node.status({ fill: "grey", shape: "ring", text: "cancelled" });
      return { topic: this.#form.machine, payload: false, job: id, state: "cancelled" };
    });
  }

  async #try(send: Send, act: () => Promise<object>): Promise<void> {
    try {
      send({ ...(await act()) });
    } catch (error) {
      const why = messageOf(error);
      this.#node.status({ fill: "red", shape: "ring", text: why });
      send({ topic: this.#form.machine, payload: null, state: "refused", why });
    }
  }
}

export default function askJob(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const site = siteOf(RED, config);
    const form = formOf(config);
    if (site === undefined || typeof form === "string") {
      this.status({ fill: "red", shape: "ring", text: site === undefined ? "no site" : String(form) });
      return;
    }
    const queued = new Queued(this, site, form);
    this.on("input", (message, send, done) => {
      const acting = message.payload === null ? queued.cancel(send) : queued.ask(send);
      void acting.then(() => done());
    });
  }
  RED.nodes.registerType("gridwright-ask-job", build);
}
