// The history's own thread: SQLite is synchronous and a card may be slow, so nobody else waits here. A file that is
// no database any more is set aside and built anew from the journal.
import { existsSync, renameSync } from "node:fs";
import { isMainThread, type MessagePort, parentPort } from "node:worker_threads";
import { HistoryStore } from "./store.ts";
import type { Answered, Answers, Asked, Question } from "./thread.ts";

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGED = new Set([11, 26]);

function openStore(path: string): { store: HistoryStore; setAside: string | undefined } {
  try {
    return { store: new HistoryStore(path), setAside: undefined };
  } catch (error) {
    const code = error instanceof Error && "errcode" in error ? Number(error.errcode) : undefined;
    if (code === undefined || !DAMAGED.has(code)) throw error;
    const setAside = `${path}.damaged`;
    renameSync(path, setAside);
    for (const rest of ["-wal", "-shm"])
      if (existsSync(path + rest)) renameSync(path + rest, setAside + rest);
    return { store: new HistoryStore(path), setAside };
  }
}

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
        const made = openStore(question.path);
        store = made.store;
        return { cursor: store.cursor, setAside: made.setAside };
      }
      case "take":
        opened().accept(question.batch);
        return { refusal: opened().refusal };
      case "query":
        return opened().query(question.query);
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
      reply = { id, ok: false, why: error instanceof Error ? error.message : String(error) };
    }
    port.postMessage(reply);
  });
}

if (!isMainThread && parentPort !== null) serve(parentPort);
