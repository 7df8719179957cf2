// What all nodes that listen to a site have in common: they show by their status whether there is a line, and stop with
// their flow. Not a node itself.
import type { Config, Red, RedNode, Status } from "../red.ts";
import type { Connection, Listener } from "../site/connection.ts";
import type { Live } from "../site/live.ts";
import { lineOf } from "./site.ts";

export interface Heard {
  readonly live: Live;
  readonly before: Live | undefined;
  readonly connection: Connection;
}

const NO_LINE: Status = { fill: "red", shape: "ring", text: "no line to the controller" };

/** Calls `hear` with each change of the plant; its answer is shown as the node's status. */
export function listen(
  { RED, node, config }: { readonly RED: Red; readonly node: RedNode; readonly config: Config },
  hear: (heard: Heard) => Status | undefined,
): Connection | undefined {
  const connection = lineOf(RED, node, config);
  if (connection === undefined) return undefined;
  let shown = "";
  const show = (status: Status | undefined): void => {
    const text = JSON.stringify(status);
    if (status === undefined || text === shown) return;
    shown = text;
    node.status(status);
  };
  const onChange: Listener = (live, before) =>
    show(live === undefined ? NO_LINE : hear({ live, before, connection }));
  onChange(connection.live, undefined);
  const stop = connection.listen(onChange);
  node.on("close", (_removed, done) => {
    stop();
    done();
  });
  return connection;
}
