// Advice on a link whose device wants more patience than the link has: its late answers would count as silence. Part of
// advice.ts.
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";

/** Profiles say this where nobody knows better. */
const USUAL_MS = 1_000;

/** All advice on the patience of links. */
export const patienceAdvice = (model: SiteModel): readonly Mistake[] =>
  Object.values(model.devices).flatMap(({ id, spec, link, profile }) => {
    if (link.kind === "mqtt" || link.kind === "box" || profile.protocol !== "modbus") return [];
    const { timeoutMs } = profile.link;
    if (timeoutMs <= USUAL_MS || link.timeout >= timeoutMs) return [];
    const message = `may take ${timeoutMs} ms to answer, but link "${spec.link}" waits ${link.timeout} ms: give the link timeout: ${timeoutMs / 1_000} s`;
    return [{ path: ["devices", id, "link"], message }];
  });
