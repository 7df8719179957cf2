// What decide sees: every point of the plant after quality rules, rounding and dead-bands, at one instant.
// Built by observe from samplings, or by replay from the journal; the two are equal by construction.
import type { Reading } from "@gridwright/contract/reading.ts";
import type { Epoch, Mono } from "@gridwright/contract/units.ts";
import type { Traces } from "./doubt.ts";
import type { ByName, Row } from "./row.ts";

export type Value = number | boolean;

/** What is known of the plant, without the instant. A reading's `at` is its group's newest answer, in whole ms. */
export interface Sight {
  /** `device/point` → reading. Every source of the site model is here. */
  readonly points: ByName<Reading<Value>>;
  /** Poll group → plant time of its newest answer; missing: never answered. */
  readonly answeredAt: ByName<Mono>;
}

/** What is seen, and what the observer keeps to judge the next answers by; the journal holds only what is seen. */
export interface Observation extends Sight {
  readonly points: Row<Reading<Value>>;
  readonly answeredAt: Row<Mono>;
  readonly traces: Traces;
}

export interface PlantState extends Sight {
  readonly now: Mono;
  readonly wall: Epoch;
}
