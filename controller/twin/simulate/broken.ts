// What an invariant says when it is broken: its name, the plant time and what was seen. Thrown by watchers.

export class Broken extends Error {
  override readonly name = "Broken";
  readonly invariant: string;
  /** Plant ms. */
  readonly at: number;
  readonly what: string;
  constructor(invariant: string, at: { readonly now: number; readonly what: string }) {
    super(`${invariant} at ${(at.now / 1_000).toFixed(0)} s: ${at.what}`);
    this.invariant = invariant;
    this.at = at.now;
    this.what = at.what;
  }
}
