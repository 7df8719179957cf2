// Sixty restarts of the broker in the middle of what is asked; tests/long has a thousand.
import { test } from "node:test";
import { figure } from "../tools/figure.ts";
import { restartBroker } from "./broker-restarts.ts";

const RESTARTS = 60;

test("sixty restarts of the broker carry out nothing twice and nothing that was kept", async () => {
  figure("broker-restarts", { restarts: RESTARTS, ...(await restartBroker(RESTARTS)) });
});
