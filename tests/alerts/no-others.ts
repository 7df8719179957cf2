// An alerter that has addresses alone: no browsers, no output, no homes.
import type { AlerterOptions } from "@gridwright/runtime/alerts/alerter.ts";

export const NO_OTHERS: Pick<AlerterOptions, "homes" | "request" | "isSeen" | "push"> = {
  ...{ homes: () => [], isSeen: () => false, push: undefined },
  request: () => Promise.reject(new Error("nothing is asked of control here")),
};
