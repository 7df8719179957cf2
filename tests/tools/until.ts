// Waits for a state of the outside world: asks until it is as wanted, and fails with the last answer when it never is.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";

const ASK_EVERY_MS = 100;

/** Resolves when `read` gives `wanted`; a fault of `read` counts as another answer. */
export async function until<T>(read: () => Promise<T>, wanted: T, withinMs = 30_000): Promise<void> {
  for (const end = performance.now() + withinMs; ; await wait(ASK_EVERY_MS)) {
    const found = await read().catch((error: unknown) => String(error));
    try {
      return assert.deepEqual(found, wanted);
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}
