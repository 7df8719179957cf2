// What each array loses, and to what. Worked out when somebody asks; a year's history makes no difference to it.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { YieldsAnswer } from "@gridwright/contract/array-yield.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { inTime } from "../clock/in-time.ts";
import { createYields } from "../yield/yields.ts";
import { READ } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { nowOf } from "./plant-time.ts";
import { sendProblem } from "./problem.ts";

const DEADLINE = seconds(20);

/** Adds the route to `app`. */
export function addYields(app: Api, web: Web): void {
  const yields = createYields(web);
  app.get(
    "/api/v1/yields",
    {
      config: { access: READ },
      schema: {
        summary: "What each array gives under a clear sky, and what it loses to what",
        tags: ["past"],
        response: { 200: YieldsAnswer, 504: Problem },
      },
    },
    async (_request, reply) => {
      const report = await inTime(web.io, DEADLINE, yields.report(nowOf(web)));
      if (report === undefined) return sendProblem(reply, 504, "the history did not answer in time");
      return reply.send({ ...report, arrays: [...report.arrays] });
    },
  );
}
