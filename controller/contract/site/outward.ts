// What of the site other systems may see: plain MQTT topics, Home Assistant's discovery, a Modbus map. Part of
// site.yaml. What is said here opens no way around the rules: outside wishes are requests like any other.
import { z } from "zod";

const ON_OWN_BROKER = "default: yes on the embedded broker, no on another one";

export const Outward = z
  .strictObject({
    plainTopics: z
      .boolean()
      .optional()
      .describe(
        `each point as a retained topic \`gridwright/<site>/<asset>/<point>\`; Home Assistant needs them; ${ON_OWN_BROKER}`,
      ),
    homeAssistant: z
      .strictObject({
        enabled: z.boolean().optional().describe(`announce every asset to Home Assistant; ${ON_OWN_BROKER}`),
        discoveryPrefix: z
          .string()
          .max(64)
          .regex(/^(?!(?:gridwright|cmnd|stat|tele)(?:\/|$))[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/, {
            error: "must be a plain MQTT topic, not under gridwright, cmnd, stat or tele",
          })
          .default("homeassistant")
          .describe("the discovery prefix that is set in Home Assistant"),
      })
      .prefault({}),
    modbus: z
      .strictObject({
        host: z
          .string()
          .min(1)
          .default("127.0.0.1")
          .describe("address to listen on; any but loopback lets the whole network read the plant"),
        port: z.int().min(1).max(65_535).describe("TCP port; 502 needs a permission of the system"),
      })
      .optional()
      .describe("a read-only Modbus TCP server; `gridwright map site.yaml` prints its registers"),
  })
  .describe("what other systems may see of the site; see docs/outward.md");
export type Outward = z.infer<typeof Outward>;
