// A Modbus TCP server as a process of its own whose meters move a little from second to second, as real ones do.
import { startPlainServer } from "./plain-server.ts";

const MEAN = 230;
const SWING = 7;
const SECOND_MS = 1_000;
/** Pairs of registers: nothing above, a count that swings below. */
const counts = (count: number): number[] =>
  Array.from({ length: count }, (_, place) =>
    place % 2 === 0 ? 0 : Math.round(MEAN + SWING * Math.sin(performance.now() / SECOND_MS + place)),
  );

const server = await startPlainServer({
  framing: "mbap",
  image: { read: (_, __, count) => counts(count), write: () => undefined },
});
process.once("disconnect", () => void server.close());
process.send?.({ port: server.port });
