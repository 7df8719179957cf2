// Writes of one device: each goes out once and is read back; a register that wears out has a budget, and is not written
// with what it already holds.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { RegisterPoint } from "@gridwright/contract/profile.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { CommandPlan } from "@gridwright/protocols/modbus/commands.ts";
import { refused } from "./register-device.ts";
import { isRefusal, type Unit } from "./unit.ts";
import { WriteBudget } from "./write-budget.ts";

export type WriteRule = NonNullable<RegisterPoint["write"]>;

interface Times {
  /** Plant time: a day of wear is a day of the plant. */
  readonly plant: Clock;
  readonly io: Clock;
}

/** A relay or inverter may take a moment until its register shows what was written. */
const READBACKS_MAX = 4;
const READBACK_PAUSE = millis(25);

export class Writer {
  readonly #unit: Unit;
  readonly #times: Times;
  /** By point. */
  readonly #budgets = new Map<string, WriteBudget>();

  constructor(unit: Unit, times: Times) {
    this.#unit = unit;
    this.#times = times;
  }

  /** Points whose registers may not be written any more today. */
  spent(): readonly string[] {
    const now = this.#times.plant.now();
    return [...this.#budgets].flatMap(([point, budget]) => (budget.spent(now) ? [point] : []));
  }

  /** Writes and reads back. When a write's answer is lost, reading back tells whether it was heard. */
  async send(plan: CommandPlan, point: string, rule: WriteRule | undefined): Promise<void> {
    if (rule?.perDayMax !== undefined) {
      if (rule.lease === undefined && (await this.#shows(plan))) return;
      this.#spend(point, rule.perDayMax);
    }
    const lost = await this.writeAll(plan, point);
    for (let attempt = 0; attempt < READBACKS_MAX; attempt++) {
      if (attempt > 0) await this.#times.io.sleep(READBACK_PAUSE);
      if (await this.#shows(plan)) return;
    }
    throw lost ?? new GridwrightError("write-not-verified", `${point} was accepted but does not show it`);
  }

  #spend(point: string, perDayMax: number): void {
    const now = this.#times.plant.now();
    const budget = this.#budgets.get(point) ?? new WriteBudget(perDayMax);
    this.#budgets.set(point, budget);
    if (budget.spent(now))
      throw new GridwrightError(
        "write-budget-spent",
        `${point} stands in memory that wears out and was written ${perDayMax} times within a day: it is left as it is; command it less often`,
      );
    budget.note(now);
  }

  /** Each write once; stops at the first whose answer is lost and gives that error; rejects for any other. */
  async writeAll({ writes }: CommandPlan, point: string): Promise<GridwrightError | undefined> {
    for (const write of writes) {
      try {
        const refusal = await this.#unit.write(write);
        if (refusal !== undefined) throw refused(refusal, point);
      } catch (error) {
        if (!(error instanceof GridwrightError) || error.code !== "request-timeout") throw error;
        return error;
      }
    }
    return undefined;
  }

  async #shows({ verify }: CommandPlan): Promise<boolean> {
    for (const { span, words } of verify) {
      const answer = await this.#unit.read(span);
      if (isRefusal(answer)) throw refused(answer, "reading back");
      if (answer.some((word, index) => word !== words[index])) return false;
    }
    return true;
  }
}
