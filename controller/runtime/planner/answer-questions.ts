// The child's side of an asked process: niced, so that whatever else runs on the machine comes first. It answers over
// IPC and ends with its parent.

import { constants, setPriority } from "node:os";
import { messageOf } from "@gridwright/contract/errors.ts";

/** Answers each question in turn; what `answer` throws becomes the reason why there is none. */
export function answerQuestions<Q, A>(name: string, answer: (question: Q) => Promise<A>): void {
  process.title = `gridwright ${name}`;
  setPriority(constants.priority.PRIORITY_LOW);
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => process.exit(0));
  process.on("message", ({ id, question }: { id: number; question: Q }) => {
    void answer(question).then(
      (found) => process.send?.({ id, told: { ok: true, answer: found } }),
      (error: unknown) =>
        process.send?.({
          id,
          told: { ok: false, why: messageOf(error) },
        }),
    );
  });
}
