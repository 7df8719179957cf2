// Where metrics go: InfluxDB 1.x by database, 2.x and 3.x by bucket, VictoriaMetrics. Several at once; none waits for another.
import { z } from "zod";
import { duration } from "./fields.ts";

const influx = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe("address of InfluxDB or VictoriaMetrics"),
    database: z.string().min(1).default("gridwright"),
    bucket: z
      .string()
      .min(1)
      .optional()
      .describe("InfluxDB 2.x and 3.x: writes to this bucket (it must be there) instead of to a database"),
    org: z.string().min(1).optional().describe("InfluxDB 2.x: the organisation whose bucket it is"),
    username: z.string().optional(),
    passwordFile: z
      .string()
      .optional()
      .describe("a file that holds the password; without username: the token of InfluxDB 2.x and 3.x"),
    caFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        "https: the PEM of the authority that signed its certificate, for example the site's own; without it one that this machine trusts",
      ),
    keep: duration(
      "InfluxDB 1.x: how long every point is kept; older ones stay as minutes in the retention policy minutes. Without it all is kept",
    ).optional(),
  })
  .refine(({ org, bucket }) => org === undefined || bucket !== undefined, {
    path: ["org"],
    error: "belongs to a bucket: name bucket: too",
  })
  .refine(({ keep, bucket }) => keep === undefined || bucket === undefined, {
    path: ["keep"],
    error: "is for InfluxDB 1.x: a bucket has its own retention",
  })
  .refine(({ caFile, url }) => caFile === undefined || url.startsWith("https:"), {
    path: ["caFile"],
    error: "is for https: an address of http: has no certificate",
  })
  .refine(({ keep }) => keep === undefined || keep >= SHORTEST_KEEP_MS, {
    path: ["keep"],
    error: "must be 1 d at least: minutes are made of what is kept",
  });

const SHORTEST_KEEP_MS = 86_400_000;

export const MetricsSpec = z.strictObject({ influx: z.array(influx).default([]) });
export type InfluxTarget = z.infer<typeof influx>;
