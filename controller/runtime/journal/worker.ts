// The journal's own thread: the slow card is waited for here and nowhere else. Takes orders in turn, answers each
// with how it stands. Holds no timer: the main side says when to write.

import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";
import { messageOf } from "@gridwright/contract/errors.ts";
import { openDisk } from "./disk.ts";
import type { Order, Report, ThreadSetup } from "./thread.ts";
import { SegmentWriter } from "./writer.ts";

/**
 * Each block that was deflated leaves 16 KB and more behind that only a full collection takes back, and V8 lets 64 MB of such come
 * together. So one is asked for above this, bytes, where the process was started with `--expose-gc`: some 4 ms of this thread.
 */
const BUFFERS_MAX = 4_000_000;

function obey(writer: SegmentWriter, order: Order): void {
  switch (order.kind) {
    case "append":
      writer.accept(order.entries);
      return;
    case "write":
      writer.attempt();
      return;
    case "prune":
      writer.prune(order.retention, order.wall);
      return;
    default:
      order satisfies never;
  }
}

function serve(port: MessagePort, { dir, limits }: ThreadSetup): void {
  const tell = (report: Report): void => port.postMessage(report);
  let writer: SegmentWriter;
  try {
    writer = new SegmentWriter(openDisk(dir), limits);
  } catch (error) {
    tell({ kind: "unusable", why: messageOf(error) });
    return;
  }
  port.on("message", (order: Order) => {
    obey(writer, order);
    const answers = order.kind === "write" ? order.id : undefined;
    tell({ kind: "state", state: writer.state, ...(answers !== undefined && { answers }) });
    if (process.memoryUsage().arrayBuffers > BUFFERS_MAX) globalThis.gc?.();
  });
  tell({ kind: "open", repaired: writer.repaired, state: writer.state });
}

if (!isMainThread && parentPort !== null) serve(parentPort, workerData as ThreadSetup);
