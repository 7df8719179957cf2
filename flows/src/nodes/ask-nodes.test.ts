// Nodes that ask and are answered by themselves: the constraint in its window, the forecast at each message, and jobs as
// they begin and end.
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import type { Config } from "../red.ts";
import { jobNews, type SeenJob } from "../site/job-news.ts";
import type { Live } from "../site/live.ts";
import { isWithin, windowOf } from "../site/window.ts";
import askJob from "./ask-job.ts";
import constraint from "./constraint.ts";
import forecast from "./forecast.ts";
import job from "./job.ts";
import { benchOf, liveOf, settled } from "./node-fixture.ts";
import note from "./note.ts";

const MADRID = "Europe/Madrid";
const utc = (text: string): number => Date.parse(`${text}Z`);

describe("a window of the day", () => {
  //  from, to, the instant by UTC, and whether it is within by the clock of Madrid
  const table: readonly (readonly [string, string, string, string, boolean])[] = [
    ["within a window of the day", "13:00", "15:30", "2026-01-15T12:10", true],
    ["its first minute belongs to it", "13:00", "15:30", "2026-01-15T12:00", true],
    ["its last no longer does", "13:00", "15:30", "2026-01-15T14:30", false],
    ["before midnight", "22:00", "06:00", "2026-01-15T21:30", true],
    ["after midnight", "22:00", "06:00", "2026-01-15T04:59", true],
    ["by day it is over", "22:00", "06:00", "2026-01-15T05:00", false],
    ["in summer it goes by the summer's clock", "22:00", "06:00", "2026-07-15T20:10", true],
    ["just after midnight", "23:30", "00:30", "2026-01-15T23:10", true],
  ];
  for (const [sentence, from, to, at, expected] of table)
    it(sentence, () => {
      const window = windowOf(from, to);
      assert.ok(window);
      assert.equal(isWithin(window, utc(at), MADRID), expected);
    });
  for (const [from, to] of [
    ["22:00", ""],
    ["24:00", "06:00"],
    ["22:00", "22:00"],
    ["7:65", "08:00"],
    [undefined, "06:00"],
  ])
    it(`«${from}» to «${to}» is none`, () => assert.equal(windowOf(from, to), undefined));
});

describe("the constraint node", () => {
  const NIGHT: Config = {
    id: "n7",
    site: "s2",
    asset: "pump",
    from: "22:00",
    to: "06:00",
    ttl: "8",
    reason: "it is loud",
  };
  const at = (text: string): Live => liveOf({ t: utc(text) as Live["t"] });
  const LATE = "2026-01-15T21:00:00";

  for (const [sentence, more, expected] of [
    ["keeps to a share", { way: "limit", percent: "35" }, "limit 0.35 pump 8 min: it is loud"],
    ["lets count as less needed", { way: "tier", tier: "4" }, "tier 4 pump 8 min: it is loud"],
    ["keeps off where an older flow says nothing", {}, "off pump 8 min: it is loud"],
  ] as const)
    it(sentence, () => {
      const { become, asked } = benchOf(
        constraint,
        { ...NIGHT, ...more },
        { live: at("2026-01-15T20:59:50") },
      );
      become(at(LATE));
      assert.deepEqual(asked, [expected]);
    });

  it("asks at the begin of its window, again before that ends, and takes it back at the end", async () => {
    mock.timers.enable({ apis: ["Date", "setTimeout"], now: 7_000 });
    const { become, answer, asked } = benchOf(constraint, NIGHT, { live: at("2026-01-15T20:59:50") });
    const steps: readonly (readonly [string, number])[] = [
      [LATE, 0],
      ["2026-01-15T21:00:50", 0],
      ["2026-01-15T21:04:00", 0],
      ["2026-01-16T05:00:00", 0],
      ["2026-01-16T05:00:10", 0],
    ];
    for (const [when] of steps) {
      mock.timers.tick(200_000);
      become(at(when));
      await answer();
    }
    mock.timers.reset();
    assert.deepEqual(asked, [
      "off pump 8 min: it is loud",
      "off pump 8 min: it is loud",
      "withdraw pump 8 min: it is loud",
    ]);
  });

  it("what is refused is left alone for a while, and asked again after it", async () => {
    mock.timers.enable({ apis: ["Date", "setTimeout"], now: 7_000 });
    const { become, answer, asked } = benchOf(constraint, NIGHT, { live: at(LATE) });
    await answer("refused");
    mock.timers.tick(29_000);
    become(at("2026-01-15T21:40:00"));
    assert.equal(asked.length, 1, "a day of an accelerated demo is no reason to ask again");
    mock.timers.tick(2_000);
    become(at("2026-01-15T21:41:00"));
    mock.timers.reset();
    assert.equal(asked.length, 2);
  });

  it("with the node ends what it asked for", async () => {
    const { close, answer, asked } = benchOf(constraint, NIGHT, { live: at(LATE) });
    await answer();
    const closed = close();
    await settled();
    await answer();
    await closed;
    assert.deepEqual(asked.at(-1), "withdraw pump 8 min: it is loud");
  });

  it("one that misses its window, time, reason or load says so and asks nothing", () => {
    for (const missing of [{ to: "" }, { ttl: "16" }, { reason: " " }, { asset: "" }]) {
      const { statuses, asked } = benchOf(constraint, { ...NIGHT, ...missing }, { live: at(LATE) });
      assert.deepEqual([statuses.at(-1)?.fill, asked.length], ["red", 0], JSON.stringify(missing));
    }
  });
});

describe("the forecast node", () => {
  const ASKS: Config = { id: "n7", site: "s2" };
  it("sends what the planner foretells, with what came in", async () => {
    const plan = { steps: [{ at: 3 }], windows: [{ from: 5, to: 9 }], wishes: [] };
    const { tell, sent, statuses } = benchOf(forecast, ASKS, {
      get: (path) => (path === "/api/v1/plan" ? { state: "fresh", plan } : {}),
    });
    assert.equal(await tell("now"), undefined);
    assert.deepEqual(sent, [
      { topic: "forecast", payload: { state: "fresh", steps: plan.steps, windows: plan.windows } },
    ]);
    assert.equal(statuses.at(-1)?.fill, "green");
  });
  it("while nothing is planned there is nothing to spare", async () => {
    const { tell, sent } = benchOf(forecast, ASKS, { get: () => ({ state: "waiting" }) });
    await tell("now");
    assert.deepEqual(sent[0]?.payload, { state: "waiting", steps: [], windows: [] });
  });
  it("what cannot be asked is the message's error", async () => {
    const failing = benchOf(forecast, ASKS, {
      get: () => {
        throw new Error("it answered 503");
      },
    });
    assert.match(String(await failing.tell("now")), /503/);
    assert.match(String(await benchOf(forecast, ASKS, { siteless: true }).tell("now")), /no site/);
  });
});

const seen = (id: string, state: SeenJob["state"], given: Partial<SeenJob> = {}): SeenJob => ({
  ...{ id, machine: "kiln", state, energyWh: 730, sunWh: 410, workedMs: 0 },
  ...given,
});

describe("news of jobs", () => {
  //  the queue at one look and at the next, and what is new
  const table: readonly (readonly [string, readonly SeenJob[] | undefined, readonly SeenJob[], string])[] = [
    ["what runs when it is first seen is no news", undefined, [seen("job-3", "running")], ""],
    ["one begins to run", [seen("job-3", "started")], [seen("job-3", "running")], "start job-3"],
    ["supply alone is no start", [seen("job-3", "promised")], [seen("job-3", "started")], ""],
    ["to run longer is no news", [seen("job-3", "running")], [seen("job-3", "overrun")], ""],
    ["one ends", [seen("job-3", "overrun")], [seen("job-3", "done", { workedMs: 70 })], "end job-3"],
    ["one that was asked for since begins", [], [seen("job-5", "running")], "start job-5"],
    [
      "one that came and went gives both",
      [],
      [seen("job-5", "done", { workedMs: 70 })],
      "start job-5, end job-5",
    ],
    [
      "one that never ran its end alone",
      [seen("job-5", "waiting")],
      [seen("job-5", "cancelled")],
      "end job-5",
    ],
    ["what is over stays over", [seen("job-5", "done")], [seen("job-5", "done")], ""],
  ];
  for (const [sentence, before, now, expected] of table)
    it(sentence, () =>
      assert.equal(
        jobNews(before, now)
          .map(({ event, job: { id } }) => `${event} ${id}`)
          .join(", "),
        expected,
      ),
    );
});

describe("the job node", () => {
  it("sends start and end of the jobs on its machine, with what they took", async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    let jobs: readonly SeenJob[] = [seen("job-3", "started"), seen("job-4", "started", { machine: "saw" })];
    const get = (path: string): unknown => (path === "/api/v1/jobs" ? { jobs } : {});
    const { sent, statuses, close } = benchOf(job, { id: "n7", site: "s2", asset: "kiln" }, { get });
    await settled();
    for (const state of ["running", "done"] as const) {
      jobs = [
        seen("job-3", state, { what: "bowls", workedMs: 70 }),
        seen("job-4", state, { machine: "saw" }),
      ];
      mock.timers.tick(5_000);
      await settled();
    }
    await close();
    mock.timers.reset();
    const begun = { topic: "kiln", payload: true, event: "start", job: "job-3", what: "bowls" };
    const took = { outcome: "done", energyWh: 730, sunWh: 410, workedMs: 70 };
    assert.deepEqual(sent, [begun, { ...begun, payload: false, event: "end", ...took }]);
    assert.deepEqual(
      statuses.map(({ text }) => text),
      ["0 running", "1 running", "0 running"],
    );
  });
  it("says where there is no line, and asks no more once it is closed", async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    let asked = 0;
    const get = (): unknown => {
      asked += 1;
      throw new Error("it answered 503");
    };
    const { statuses, close } = benchOf(job, { id: "n7", site: "s2" }, { get });
    await settled();
    await close();
    mock.timers.tick(50_000);
    mock.timers.reset();
    assert.deepEqual([asked, statuses.at(-1)?.text], [1, "no line to the controller"]);
  });
});

describe("nodes that ask the workshop and write beside the accounts", () => {
  const ASKS: Config = { id: "n5", site: "s2", asset: "kiln", minutes: "50", within: "6", reason: "tiles" };
  const JOB = {
    id: "job-8",
    state: "promised",
    promise: { at: 1_760_000_900_000, endsAt: 1_760_003_900_000 },
  };

  it("asks for a job, tells its time, and cancels it", async () => {
    const { tell, sent, posted } = benchOf(askJob, ASKS, { answer: () => JOB });
    await tell(true);
    await tell(null);
    assert.deepEqual(posted, [
      'POST /api/v1/flows/jobs {"machine":"kiln","minutes":50,"what":"tiles","withinMinutes":360}',
      "DELETE /api/v1/flows/jobs/job-8",
    ]);
    const told = sent.map(({ payload, state, at: when }) => [payload, state, when]);
    assert.deepEqual(told, [
      [true, "promised", 1_760_000_900_000],
      [false, "cancelled", undefined],
    ]);
  });

  it("tells why a job is refused", async () => {
    const answer = () => {
      throw new Error("Kiln is used by people who answer for it: one of them must ask");
    };
    const { tell, sent, statuses } = benchOf(askJob, ASKS, { answer });
    await tell(true);
    assert.deepEqual([sent[0]?.payload, sent[0]?.state], [null, "refused"]);
    assert.match(String(statuses.at(-1)?.text), /one of them must ask/);
  });

  for (const missing of ["asset", "minutes", "reason"])
    it(`asks for nothing without its ${missing}`, () => {
      const { statuses } = benchOf(askJob, { ...ASKS, [missing]: "" });
      assert.equal(statuses[0]?.fill, "red");
    });

  it("writes a note, and none that is empty, too long or no text", async () => {
    const { tell, posted } = benchOf(note, { id: "n6", site: "s2" });
    assert.equal(await tell(" the feast ran till two "), undefined);
    for (const payload of ["", "x".repeat(201), 17]) assert.ok((await tell(payload)) instanceof Error);
    assert.deepEqual(posted, ['POST /api/v1/flows/notes {"text":"the feast ran till two"}']);
  });
});
