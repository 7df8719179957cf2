// The API's description, made from the schemas that check its requests, and the page that shows it. Both are served
// from here: nothing is fetched from anywhere else, also not by the reader's browser.
import { fastifySwagger } from "@fastify/swagger";
import { fastifySwaggerUi } from "@fastify/swagger-ui";
import { createJsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { OPEN, SESSION_COOKIE } from "./access.ts";
import type { Api } from "./api.ts";

const DOCS = "/api/docs";
const VERSION = "1";

const TAGS = [
  { name: "site", description: "What does not change while services run" },
  { name: "live", description: "What is now" },
  { name: "past", description: "What was" },
  { name: "people", description: "Signing in, accounts, invitations, tokens, and who did what" },
  {
    name: "community",
    description: "What people agreed beside the site file: by two, for a time, seen by all",
  },
  {
    name: "ledger",
    description: "Who used what of the community's own energy, settled by quarters of an hour",
  },
  { name: "workshop", description: "Jobs on machines: asked, promised, let start, metered" },
  { name: "requests", description: "The only way back in: control weighs them and says why" },
];

/** Its scripts and styles are files of its own; icons are drawn from data. */
const DOCS_CSP = ["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"];

/** Leaves out schemas that nothing refers to: each is rendered once for what comes in and once for what goes out. */
const tidied: typeof jsonSchemaTransformObject = (document) => {
  const whole = jsonSchemaTransformObject(document);
  const text = JSON.stringify(whole);
  const components = "components" in whole ? whole.components : undefined;
  const schemas = Object.entries(components?.schemas ?? {}).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  );
  return { ...whole, components: { ...components, schemas: Object.fromEntries(schemas) } } as typeof whole;
};

/** Must stand before the routes that it describes. */
export async function addOpenApi(app: Api): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "gridwright",
        version: VERSION,
        description:
          "SI units, times in ms since 1970 UTC (plant time), shares 0..1. Errors are problem+json (RFC 9457). A reading that is not fresh says so; an old value never passes for a live one.",
        license: { name: "AGPL-3.0-or-later", identifier: "AGPL-3.0-or-later" },
      },
      servers: [{ url: "/" }],
      tags: TAGS,
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: SESSION_COOKIE },
          token: { type: "http", scheme: "bearer" },
        },
      },
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: "any" } }),
    transformObject: tidied,
  });
  app.get("/api/v1/openapi.json", { config: { access: OPEN }, schema: { hide: true } }, () => app.swagger());
  await app.register(fastifySwaggerUi, {
    routePrefix: DOCS,
    uiConfig: { defaultModelsExpandDepth: -1, displayRequestDuration: true, validatorUrl: null },
    staticCSP: ["default-src 'none'", ...DOCS_CSP, "base-uri 'none'", "frame-ancestors 'none'"].join("; "),
  });
}
