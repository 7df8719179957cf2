// What the doctor found, for technicians.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { DoctorAnswer } from "@gridwright/contract/doctor.ts";
import type { Access } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

const READS: Access = { least: "technician", scope: "read" };

/** Adds the route to `app`. */
export function addDoctor(app: Api, web: Web): void {
  app.get(
    "/api/v1/doctor",
    {
      config: { access: READS },
      schema: {
        summary: "What is well and what is not with the machine and the site, each with its cure",
        tags: ["site"],
        response: { 200: DoctorAnswer, 404: Problem },
      },
    },
    async (_request, reply) => {
      if (web.doctor === undefined) return sendProblem(reply, 404, "there is no doctor here");
      const { at, findings } = await web.doctor.report();
      return reply.send({ at, findings: findings.map((one) => ({ ...one, params: { ...one.params } })) });
    },
  );
}
