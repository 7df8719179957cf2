// The history's own thread: SQLite is synchronous and a card may be slow, so nobody else waits here.

import { isMainThread, type MessagePort, parentPort } from "node:worker_threads";
import { messageOf } from "@gridwright/contract/errors.ts";
import { openStore } from "./open-store.ts";
import type { HistoryStore } from "./store.ts";
import type { Answered, Answers, Asked, Question } from "./thread.ts";

function serve(port: MessagePort): void {
  let store: HistoryStore | undefined;
  const opened = (): HistoryStore => {
    if (store === undefined) throw new Error("the history is not open");
    return store;
  };
  const answer = (question: Question): Answers[Question["kind"]] => {
    switch (question.kind) {
      case "open": {
        store?.close();
        const made = openStore(question.folder, question.zone);
        store = made.store;
        return { cursor: store.cursor, setAside: made.setAside };
      }
      case "take":
        opened().accept(question.batch);
        return { refusal: opened().refusal, damaged: opened().damaged };
      case "query":
        return opened().query(question.query);
      case "periods":
        return opened().periods(question.query);
      case "counts":
        return opened().counts();
      default:
        return question satisfies never;
    }
  };
  port.on("message", ({ id, question }: Asked) => {
    let reply: Answered;
    try {
      reply = { id, ok: true, answer: answer(question) };
    } catch (error) {
      reply = { id, ok: false, why: messageOf(error) };
    }
    port.postMessage(reply);
  });
}

if (!isMainThread && parentPort !== null) serve(parentPort);
