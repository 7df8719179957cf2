// `gridwright job ask | list | cancel | move | cared`: the workshop's queue from a terminal, as a technician. The queue
// answers over the live bus; nothing here touches a machine.
import { randomBytes } from "node:crypto";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { JobCall, JobsReport, JobWord } from "@gridwright/contract/jobs.ts";
import { topics } from "@gridwright/contract/messages.ts";
import { parseQuantity } from "@gridwright/contract/quantity-text.ts";
import { render } from "@gridwright/contract/render.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { inTime } from "@gridwright/runtime/clock/in-time.ts";
import { type Command, InvalidArgumentError } from "commander";
import { assetNamed } from "./asset-named.ts";
import { jobLines, queueLines, sceneAt } from "./job-text.ts";
import { parseAhead } from "./moment.ts";
import { asOperator, type OperatorSeat } from "./operator-bus.ts";

const DEADLINE = seconds(8);
const ID_BYTES = 6;

type Call = JobCall extends infer One ? (One extends JobCall ? Omit<One, "id"> : never) : never;

/** One question to the queue. Throws `request-timeout`. */
async function call({ bus, model, io }: OperatorSeat, question: Call): Promise<JobWord> {
  const at = topics(model.site.site.id);
  const id = `terminal-${randomBytes(ID_BYTES).toString("hex")}`;
  const { promise, resolve } = Promise.withResolvers<JobWord>();
  bus.subscribe(at.jobWord("operator"), (_topic, payload, retained) => {
    const word = retained ? undefined : (JSON.parse(payload) as JobWord);
    if (word?.id === id) resolve(word);
  });
  bus.publish(at.jobCall("operator"), JSON.stringify({ ...question, id }), { qos: 1 });
  const word = await inTime(io, DEADLINE, promise);
  if (word !== undefined) return word;
  throw new GridwrightError(
    "request-timeout",
    `The queue did not answer within ${DEADLINE / 1_000} s. It is kept by services: see its log.`,
  );
}

async function reportOf(seat: OperatorSeat): Promise<JobsReport> {
  const { report } = await call(seat, { do: "list" });
  return report ?? { t: null, jobs: [], machines: [] };
}

interface Flags {
  readonly data: string;
  readonly json?: boolean;
}

interface Told {
  readonly seat: OperatorSeat;
  readonly word: JobWord;
  readonly now: number;
}

function tell({ seat, word, now }: Told, { json }: Flags, write: (line: string) => void): number {
  const scene = sceneAt(seat.model, now);
  const why = typeof word.why === "object" ? render(word.why, scene) : word.why;
  if (json) write(JSON.stringify({ ...word, ...(why !== undefined && { said: why }) }));
  else if (why !== undefined) write(`refused: ${why}`);
  else for (const line of word.job === undefined ? ["noted"] : jobLines(word.job, scene)) write(line);
  return why === undefined ? 0 : 1;
}

interface AskFlags extends Flags {
  readonly for: number;
  readonly after?: string;
  readonly before?: string;
  readonly interruptible?: boolean;
  readonly member?: string;
  readonly what?: string;
}

function minutes(text: string): number {
  const parsed = parseQuantity(text, "ms");
  if (!parsed.ok) throw new InvalidArgumentError(parsed.why);
  return parsed.value / 60_000;
}

async function askFor(seat: OperatorSeat, machine: string, flags: AskFlags): Promise<Told> {
  const { t } = await reportOf(seat);
  const now = t ?? seat.io.wall();
  const reference = { now, timezone: seat.model.site.site.timezone };
  const { member, what, interruptible = false } = flags;
  const wish = {
    machine: assetNamed(seat.model, machine).id,
    minutes: flags.for,
    interruptible,
    ...(flags.after !== undefined && { earliest: parseAhead(flags.after, reference) }),
    ...(flags.before !== undefined && { deadline: parseAhead(flags.before, reference) }),
    ...(member !== undefined && { member }),
    ...(what !== undefined && { what }),
  };
  return { seat, now, word: await call(seat, { do: "ask", wish }) };
}

const common = (command: Command): Command =>
  command.option("--data <dir>", "data folder of what runs", "data").option("--json", "the answer as JSON");

function addList(job: Command, write: (line: string) => void): void {
  common(job.command("list"))
    .description("all jobs and how each machine stands")
    .action((flags: Flags) =>
      asOperator(flags.data, async (seat) => {
        const report = await reportOf(seat);
        const lines = flags.json
          ? [JSON.stringify(report)]
          : queueLines(report, sceneAt(seat.model, report.t ?? seat.io.wall()));
        for (const line of lines) write(line);
      }),
    );
}

export function addJobCommands(program: Command, write: (line: string) => void): void {
  const job = program.command("job").description("the workshop's queue: ask for a job, see it, cancel it");
  const say = async (
    flags: Flags,
    ask: (seat: OperatorSeat) => Promise<Omit<Told, "seat">>,
  ): Promise<void> => {
    process.exitCode = await asOperator(flags.data, async (seat) =>
      tell({ seat, ...(await ask(seat)) }, flags, write),
    );
  };
  const send = (flags: Flags, question: Call): Promise<void> =>
    say(flags, async (seat) => ({ word: await call(seat, question), now: seat.io.wall() }));
  common(job.command("ask"))
    .description("ask for a job: the answer has its start, why then, what it takes from where")
    .argument("<machine>", "its id in the site file, or its name")
    .requiredOption("--for <duration>", "how long it takes: 40 min", minutes)
    .option("--after <time>", "not before: 09:00, fri 09:00, +2h")
    .option("--before <time>", "ended by: 18:30, fri 12:00, +6h; two days unless told")
    .option("--interruptible", "what was done is not lost when supply fails")
    .option("--member <id>", "for which house")
    .option("--what <text>", "what it is, for people")
    .action((machine: string, flags: AskFlags) => say(flags, (seat) => askFor(seat, machine, flags)));
  addList(job, write);
  common(job.command("cancel"))
    .description("cancel a job")
    .argument("<job>", "its id: job-3")
    .action((id: string, flags: Flags) => send(flags, { do: "cancel", job: id }));
  common(job.command("move"))
    .description("take the other time of a promised job")
    .argument("<job>", "its id: job-3")
    .action((id: string, flags: Flags) => send(flags, { do: "alternative", job: id }));
  common(job.command("cared"))
    .description("say that a machine was cared for: its counter begins anew")
    .argument("<machine>", "its id in the site file")
    .argument("<care>", "the care's name in the site file")
    .action((machine: string, care: string, flags: Flags) => send(flags, { do: "cared", machine, care }));
}
