// How people decide beside the site file: who may declare an emergency rule alone.
import { z } from "zod";

export const Community = z.strictObject({
  emergency: z
    .enum(["technician", "admin"])
    .default("admin")
    .describe(
      "from this role on one person may declare an emergency rule, which ends within 72 h; all see it",
    ),
});
