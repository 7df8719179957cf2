// A thousand restarts of the broker in the middle of what is asked.
import { test } from "node:test";
import { restartBroker } from "../faults/broker-restarts.ts";
import { figure } from "../tools/figure.ts";

const RESTARTS = 1_000;

test("a thousand restarts of the broker carry out nothing twice and nothing that was kept", async () => {
  figure("broker-restarts", { restarts: RESTARTS, ...(await restartBroker(RESTARTS)) });
});
