// Serves the built page. What is hashed by name is kept by browsers for good, the rest is asked for anew.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fastifyStatic } from "@fastify/static";
import type { Api } from "./api.ts";
import { sendProblem } from "./problem.ts";

export function addPage(app: Api, pageDir: string): void {
  if (!existsSync(join(pageDir, "index.html"))) {
    app.get("/", { schema: { hide: true } }, (_request, reply) =>
      sendProblem(reply, 503, "the page is not built; run npm start"),
    );
    return;
  }
  app.register(fastifyStatic, {
    root: pageDir,
    dotfiles: "ignore",
    cacheControl: false,
    preCompressed: true,
    schemaHide: true,
    setHeaders: (reply, path) => {
      const hashed = /[\\/]assets[\\/]/.test(path);
      reply.header("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}
