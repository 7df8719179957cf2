// Somebody who looks on at a running twin, frame by frame: plant time waits until they have seen what there is to see, as it
// waits for control, so that a slow machine makes a story slower and never another one.
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { PaceFrame } from "@gridwright/contract/pace.ts";

const ANSWER_MAX_MS = 20_000;

export interface Onlooker {
  /** The next frame that was not given yet, the newest where several wait. Rejects when the twin is gone. */
  frame(): Promise<PaceFrame>;
  /** Everything up to `m` was seen; said again, it holds the plant where it is. */
  done(m: number): void;
  ask<T>(message: Readonly<Record<string, unknown>>): Promise<T>;
  close(): void;
}

type Line = PaceFrame | { readonly answer: { readonly id?: number } };

/** Connects to the twin's line on loopback. */
export async function onlooker(port: number): Promise<Onlooker> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await once(socket, "connect");
  const lines = createInterface({ input: socket });
  const asked = new Map<number, (answer: unknown) => void>();
  let newest: PaceFrame | undefined;
  let next = Promise.withResolvers<void>();
  let ids = 0;
  const lost = (): void => next.reject(new Error("the twin closed its line"));
  lines.on("error", lost);
  lines.on("close", lost);
  lines.on("line", (text) => {
    const line = JSON.parse(text) as Line;
    if ("answer" in line) return asked.get(line.answer.id ?? 0)?.(line.answer);
    newest = line;
    return next.resolve();
  });
  return {
    async frame() {
      await next.promise;
      next = Promise.withResolvers();
      next.promise.catch(() => undefined);
      if (newest === undefined) throw new Error("no frame");
      return newest;
    },
    done: (m) => void socket.write(`${JSON.stringify({ done: m })}\n`),
    ask<T>(message: Readonly<Record<string, unknown>>) {
      ids += 1;
      const id = ids;
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const timer = setTimeout(() => reject(new Error("the twin did not answer")), ANSWER_MAX_MS);
      asked.set(id, (answer) => resolve(answer as T));
      socket.write(`${JSON.stringify({ ...message, id })}\n`);
      return promise.finally(() => {
        clearTimeout(timer);
        asked.delete(id);
      });
    },
    close: () => void socket.destroy(),
  };
}
