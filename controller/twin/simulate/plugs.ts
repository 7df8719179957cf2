// The broker of the simulation and the plugs behind it: each reports in its period and when its relay moved, and says
// so itself when it obeyed. Nothing is kept for who was away.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Coil } from "../plant/world.ts";
import { groupReader, type PollGroup } from "./read-plant.ts";
import type { LinkMode } from "./trouble.ts";
import { carry, type Job, obey, type SimLink, type Surroundings } from "./wire.ts";

/** From our publish to the plug's relay and back, ms: least and spread. */
const LATENCY_MS = 40;
const LATENCY_SPREAD_MS = 200;
const SLOW_MS = 4_000;
const CONFIRM_MAX_MS = 3_000;
const LOSS = 0.3;

interface Plug {
  readonly group: PollGroup;
  readonly truth: ReturnType<typeof groupReader>;
  readonly coils: readonly Coil[];
  reportAt: number;
  changes: number;
}
interface Underway {
  readonly job: Job;
  readonly at: number;
}

export class Plugs implements SimLink {
  readonly devices: readonly string[];
  mode: LinkMode | undefined;
  readonly #around: Surroundings;
  readonly #plugs: readonly Plug[];
  #underway: Underway[] = [];

  constructor(
    model: SiteModel,
    devices: readonly string[],
    of: { groups: readonly PollGroup[]; around: Surroundings },
  ) {
    this.devices = devices;
    this.#around = of.around;
    const { coils } = of.around.world;
    this.#plugs = of.groups
      .filter(({ device }) => devices.includes(device))
      .map((group, place) => ({
        group,
        truth: groupReader(of.around.world, group),
        coils: (model.devices[group.device]?.points ?? []).flatMap(
          (point) => coils.get(`${group.device}/${point}`) ?? [],
        ),
        reportAt: (place * 997) % group.periodMs,
        changes: 0,
      }));
  }

  push(job: Job): void {
    const { random } = this.#around;
    const slow = this.mode === "latency" ? random() * SLOW_MS : 0;
    this.#underway.push({ job, at: job.sentAt + LATENCY_MS + random() * LATENCY_SPREAD_MS + slow });
  }

  renew(): void {
    this.#underway = [];
  }

  run(until: number): void {
    const arrived = this.#underway.filter(({ at }) => at <= until);
    this.#underway = this.#underway.filter(({ at }) => at > until);
    for (const { job, at } of arrived) this.#command(job, at);
    for (const plug of this.#plugs) {
      const changes = plug.coils.reduce((sum, coil) => sum + coil.changes, 0);
      if (changes === plug.changes && plug.reportAt > until) continue;
      plug.changes = changes;
      this.#report(plug, until);
    }
  }

  carryOut(): void {
    const underway = this.#underway;
    this.#underway = [];
    for (const { job, at } of underway) this.#command(job, at);
  }

  /** The last time at which each came round, early enough to be heard by then. */
  sweep(until: number): void {
    for (const plug of this.#plugs) {
      const { periodMs } = plug.group;
      if (plug.reportAt >= until) continue;
      const rounds = Math.floor((until - 1 - plug.reportAt) / periodMs);
      this.#report(plug, Math.min(plug.reportAt + rounds * periodMs, until - LATENCY_MS));
    }
    this.run(until);
  }

  #passes(device: string): boolean {
    const { liars, random } = this.#around;
    if (this.mode === "partition" || (this.mode === "loss" && random() < LOSS)) return false;
    return liars.get(device)?.answers() !== false;
  }

  #report(plug: Plug, now: number): void {
    const { group, device, periodMs, fast } = plug.group;
    plug.reportAt = now + periodMs;
    if (!this.#passes(device)) return;
    const { liars, random } = this.#around;
    const truth = plug.truth();
    const samples = liars.get(device)?.says(group, now, truth) ?? truth;
    const at = now + random() * LATENCY_MS;
    carry(this.#around, this.mode, { device, begun: at, at, samples, fast });
  }

  #command({ order, sentAt, done }: Job, at: number): void {
    const liar = this.#around.liars.get(order.device);
    const heard = this.#passes(order.device);
    if (heard) obey(this.#around.world, order);
    const lateness = (liar?.lateness() ?? 0) * CONFIRM_MAX_MS;
    done(
      heard &&
        at - sentAt + lateness < CONFIRM_MAX_MS &&
        liar?.mode !== "stuck" &&
        this.#passes(order.device),
    );
  }
}
