// A plain Modbus TCP server as a process of its own, so that its work is not counted to the client under measurement.
import { startPlainServer } from "./plain-server.ts";

const VALUE = 4_321;
const server = await startPlainServer({
  framing: "mbap",
  image: { read: (_, __, count) => new Array<number>(count).fill(VALUE), write: () => undefined },
});
process.once("disconnect", () => void server.close());
process.send?.({ port: server.port });
