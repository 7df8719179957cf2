import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RULE_NAMES } from "@gridwright/contract/decision.ts";
import { REQUEST_TTL_MAX_MS, ROLES, type Role } from "@gridwright/contract/request.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { decide, openTick } from "./decide.ts";
import { envelope, hourCap, passCap } from "./envelope.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { dead, every, main, s, T } from "./fixtures/moments.ts";
import {
  ask,
  CALM,
  type Given,
  longCrossed,
  type Moment,
  plantState,
  run,
  settledMemory,
  story,
} from "./fixtures/scene.ts";
import { reconcile } from "./leases.ts";
import type { Memory } from "./memory.ts";
import { RULES } from "./rules/order.ts";
import { OFF, ON, type Rule, reason, type Tick } from "./tick.ts";

const site = (change: Readonly<Record<string, object>> = {}, envelopeKeys: object = {}) =>
  hamlet((text) => {
    for (const [id, keys] of Object.entries(change))
      Object.assign((text.assets as Record<string, object>)[id] ?? {}, keys);
    return { ...text, envelope: envelopeKeys };
  });

const tickOf = (model = site(), memory: Memory = settledMemory(model), given: Given = CALM): Tick =>
  openTick({ model, state: plantState(model, T, given), memory, requests: [] }, []);

const bound = (asset: string, set = OFF) => ({
  asset,
  set,
  reason: reason("normal"),
  until: reason("until-scarce"),
  inputs: [],
});
/** What of a rule's wish for these loads gets through. */
const passed = (tick: Tick, rule: Rule, wish: { off: readonly string[] } | { on: string }) => {
  const bounds = "on" in wish ? [bound(wish.on, ON)] : wish.off.map((id) => bound(id));
  return envelope(tick, rule, bounds).bounds;
};

describe("no rule's word passes the envelope", () => {
  it("is asked for every rule of the safety case", () =>
    assert.deepEqual(
      RULES.map(({ name }) => name),
      [...RULE_NAMES],
    ));
  for (const rule of RULES) {
    it(`${rule.name} does not switch off what feeds the controller`, () =>
      assert.deepEqual(passed(tickOf(), rule, { off: ["router"] }), []));
    it(`${rule.name} does not switch off tier 0, whoever else is on`, () => {
      const off = passed(tickOf(), rule, { off: ["lamps"] });
      assert.deepEqual(off.length, rule.name === "start-up" ? 1 : 0);
    });
    it(`${rule.name} does not close a relay that closed too often or rests`, () => {
      const memory = settledMemory(site());
      const off = { ...memory.wanted.fridge, set: OFF, since: mono(T - 3_000) } as Memory["wanted"][string];
      const worn = { ...memory, wanted: { ...memory.wanted, fridge: off } };
      const [one] = passed(tickOf(site(), worn), rule, { on: "fridge" });
      assert.equal(one?.set.kind === "switch" && one.set.on, rule.name === "start-up");
    });
  }
});

describe("comfort and energy rules, and what machines ask, are bound where people and protection are not", () => {
  const [ladder, requests, overload, hold] = (["ladder", "requests", "overload", "manual-hold"] as const).map(
    (name) => RULES.find((rule) => rule.name === name) as Rule,
  ) as [Rule, Rule, Rule, Rule];
  const asked = (tick: Tick, asset: string, by: Role) =>
    envelope(tick, requests, [{ ...bound(asset), by }]).bounds.length;

  it("an opted-out load and one of the never-list go by protection and people alone", () => {
    const tick = tickOf(site({ sockets: { optOut: true } }, { never: ["pump"] }));
    for (const asset of ["sockets", "pump"]) {
      assert.equal(passed(tick, ladder, { off: [asset] }).length, 0, asset);
      assert.equal(passed(tick, overload, { off: [asset] }).length, 1, asset);
      assert.equal(passed(tick, hold, { off: [asset] }).length, 1, asset);
      const by = ROLES.map((role) => [role, asked(tick, asset, role)] as const);
      assert.deepEqual(
        by.filter(([, let_]) => let_ === 0).map(([role]) => role),
        ["planner", "flow", "neighbour"],
      );
    }
  });
  it("a pass takes no more than its cap, least needed first, and says who was kept", () => {
    const tick = tickOf(site({}, { perPass: 2 }));
    const { bounds } = envelope(
      tick,
      ladder,
      ["heater-a", "heater-b", "pump"].map((id) => bound(id)),
    );
    assert.deepEqual(
      bounds.map(({ asset }) => asset),
      ["heater-a", "heater-b"],
    );
    assert.deepEqual(bounds[0]?.skipped, [{ asset: "pump", reason: reason("envelope-pass", { count: 2 }) }]);
    assert.equal(passed(tick, overload, { off: ["heater-a", "heater-b", "pump"] }).length, 3);
  });
  it("an hour takes no more than its cap, and somebody is told", () => {
    const model = site({}, { perHour: 3 });
    const memory = { ...settledMemory(model), cuts: [T - 3_500_000, T - 60_000, T - 5_000].map(mono) };
    const tick = tickOf(model, memory);
    const { bounds, conditions } = envelope(tick, ladder, [bound("pump")]);
    assert.deepEqual([bounds.length, conditions.map(({ id }) => id)], [0, ["shedding-capped"]]);
    const later = { ...memory, cuts: [T - 3_601_000, T - 60_000, T - 5_000].map(mono) };
    assert.equal(passed(tickOf(model, later), ladder, { off: ["pump"] }).length, 1);
    assert.equal(passed(tick, overload, { off: ["pump"] }).length, 1);
  });
  it("a wish of a machine waits for a load's shortest run, a shed does not", () => {
    const model = site({ pump: { minOn: "90 s" } });
    const memory = settledMemory(model);
    const fresh = { ...memory.wanted.pump, since: mono(T - 40_000) } as Memory["wanted"][string];
    const tick = tickOf(model, { ...memory, wanted: { ...memory.wanted, pump: fresh } });
    assert.deepEqual([asked(tick, "pump", "flow"), asked(tick, "pump", "technician")], [0, 1]);
    assert.equal(passed(tick, ladder, { off: ["pump"] }).length, 1);
  });
  it("shedding in vain stops, and is told", () => {
    const model = site({}, { futileAfter: 2 });
    const memory = settledMemory(model);
    const vain = Object.fromEntries(
      ["heater-a", "heater-b"].map((id, place) => [
        id,
        { ...memory.wanted[id], set: OFF, rule: "ladder", since: mono(T - 50_000 + place) },
      ]),
    ) as Memory["wanted"];
    const still = { "heater-a": mono(T - 9_000), "heater-b": mono(T - 8_000) };
    const given = { ...CALM, "relays/relay_8": true, "relays/relay_9": true };
    const wanted = { ...memory.wanted, ...vain };
    const tick = tickOf(model, { ...memory, wanted, ineffective: still }, given);
    const { bounds, conditions } = envelope(tick, ladder, [bound("pump")]);
    assert.deepEqual([bounds.length, conditions.map(({ id }) => id)], [0, ["shedding-futile"]]);
    assert.equal(passed(tick, overload, { off: ["pump"] }).length, 1);
    const one = { ...memory, wanted, ineffective: { "heater-a": mono(T - 9_000) } };
    const acted = { ...one, follows: { "heater-b": mono(T - 8_000) } };
    const seen = { ...given, "relays/relay_9": false, "plug-heater-b/power": 3 };
    assert.equal(passed(tickOf(model, acted, seen), ladder, { off: ["pump"] }).length, 1);
  });
  it("caps grow with the site, and a small one is not choked", () => {
    assert.deepEqual([passCap(tickOf()), hourCap(tickOf())], [8, 40]);
    const told = tickOf(site({}, { perPass: 3, perHour: 17 }));
    assert.deepEqual([passCap(told), hourCap(told)], [3, 17]);
  });
});

/** Everything that was ever wanted off of these, and every order that went to them. */
function touched(moments: readonly Moment[], memory: Memory, given: Given = CALM): readonly string[] {
  const model = site();
  const found = new Set<string>();
  let remembered = memory;
  let now: Given = given;
  for (const moment of moments) {
    now = { ...now, ...moment.given };
    const state = plantState(model, moment.at, now);
    const step = decide({ model, state, memory: remembered, requests: moment.requests ?? [] });
    remembered = step.memory;
    for (const { asset, set, rule } of step.desired)
      if (["lamps", "router"].includes(asset) && set.kind === "switch" && !set.on && rule !== "start-up")
        found.add(`${asset} off`);
    const { orders } = reconcile({ model, desired: step.desired, leases: {}, state, now: state.now });
    for (const { asset, set } of orders)
      if (asset === "router" || (asset === "lamps" && set.kind === "switch" && !set.on))
        found.add(`${asset} ordered`);
  }
  return [...found];
}

describe("every way in from outside ends at the envelope: tier 0 and the controller's supply stay on", () => {
  const calm = settledMemory(site());
  const hour = (given: Given): Moment[] => [{ at: T, given }, ...every(20, 3_600)];
  const wanted = (rule: "ladder" | "overload" | "requests" | "start-up") =>
    Object.fromEntries(
      ["lamps", "router"].map((id) => [id, { ...calm.wanted[id], set: OFF, rule, since: mono(T - 5_000) }]),
    ) as Memory["wanted"];
  const wish = (asset: string, role: Role) => ({
    id: "remembered-wish",
    issuer: "a-flow",
    role,
    on: false,
    why: "a snapshot said so",
    expiresAt: mono(T + 900_000),
    asset,
  });
  const ways: readonly (readonly [
    way: string,
    moments: readonly Moment[],
    memory?: Memory,
    given?: Given,
  ])[] = [
    ["an overload that lasts", hour(main(39_000, 41_000, 38_000))],
    ["the battery forbids discharging", hour({ "battery/discharge_allowed": false, "battery/soc": 0.19 })],
    ["an empty battery", hour({ "battery/soc": 0.11 }), longCrossed(site())],
    ["a pressed emergency stop", hour({ "box/estop": true })],
    ["a dead bus", hour(dead)],
    ["a relay in Hand", hour({ "box/hand": true })],
    ...ROLES.flatMap((role) =>
      (["switch", "hold"] as const).map(
        (kind) =>
          [
            `a ${kind} by a ${role}`,
            ["lamps", "router"].map((asset, place) => ({
              at: T + place * 1_500,
              requests: [
                ask(
                  kind === "hold"
                    ? { kind, asset, why: "dark skies" }
                    : { kind, asset, on: false, why: "dark skies" },
                  { role, ttlMs: REQUEST_TTL_MAX_MS },
                ),
              ],
            })),
          ] as const,
      ),
    ),
    ...(["ladder", "overload", "requests"] as const).map(
      (rule) =>
        [
          `a memory in which ${rule} had them off`,
          hour({}),
          { ...calm, wanted: { ...calm.wanted, ...wanted(rule) } },
        ] as const,
    ),
    [
      "a memory with holds on them",
      hour({}),
      {
        ...calm,
        holds: {
          lamps: { issuer: "x", why: "y", at: mono(T) },
          router: { issuer: "x", why: "y", at: mono(T) },
        },
      },
    ],
    [
      "a memory with wishes for them",
      hour({}),
      { ...calm, wishes: { lamps: wish("lamps", "flow"), router: wish("router", "admin") } },
    ],
    [
      "a memory that stops had stopped them",
      hour({}),
      { ...calm, stopped: { lamps: mono(T), router: mono(T) } },
    ],
    ["a memory of a ladder step in force", hour({}), { ...calm, ladder: { 0: mono(T), 2: mono(T) } }],
    [
      "a start with every relay off",
      hour({}),
      { ...calm, startedAt: mono(T), wanted: {}, startedWall: epoch(1_750_000_000_000) },
      { ...CALM, "relays/relay_2": false },
    ],
  ];
  for (const [way, moments, memory = calm, given] of ways)
    it(way, () => assert.deepEqual(touched(moments, memory, given), []));
});

describe("the declared last resort", () => {
  const shed0 = { name: "last of all", shed: 0, below: "19 %", restore: "24 %" };
  const model = hamlet((text) => {
    Object.assign((text.assets as Record<string, object>).lamps ?? {}, { lastResort: 2 });
    return { ...text, ladder: [...text.ladder, shed0] };
  });
  it("acts only when everything else is off, and comes back when there is charge", () => {
    const empty = { "battery/soc": 0.17 };
    const { decisions } = run(model, [{ at: T, given: empty }, { at: s(1) }, { at: s(2) }, { at: s(3) }], {
      memory: longCrossed(model),
    });
    const off = story(decisions.filter(({ set }) => set.kind === "switch" && !set.on)).split(", ");
    assert.equal(off.at(-1), "lamps off (ladder-soc)");
    assert.ok(off.length > 8, String(off));
  });
  it("waits as long as one load that could go is on", () => {
    const held = settledMemory(model, { ...CALM, "box/running": true });
    const { decisions } = run(
      model,
      [{ at: T, given: { "battery/soc": 0.17, "box/running": true } }, ...every(5, 60)],
      { memory: longCrossed(model, held) },
    );
    assert.ok(!decisions.some(({ asset }) => asset === "lamps"), story(decisions));
  });
});
