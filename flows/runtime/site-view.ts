// What the process of the flows itself says to the controller: that it lives, and which assets there are. By its own token,
// over loopback; a controller that does not answer costs nothing here.
import type { ApiSite } from "@gridwright/contract/api.ts";
import type { KnownAsset } from "./gate/flow-node.ts";

export interface Site {
  readonly url: string;
  readonly token: string;
}

const BEAT_EVERY_MS = 2_000;
const DEADLINE_MS = 4_000;

const ask = ({ url, token }: Site, path: string, body?: object): Promise<Response> =>
  fetch(`${url}${path}`, {
    signal: AbortSignal.timeout(DEADLINE_MS),
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });

/** Says that this run lives until stopped; `beat` as it is then. */
export function startBeat(
  site: Site,
  beat: () => { readonly run: string; readonly safe: boolean },
): () => void {
  const say = (): void =>
    void ask(site, "/api/v1/flows/beat", beat())
      .then((response) => response.body?.cancel())
      .catch(() => undefined);
  say();
  const timer = setInterval(say, BEAT_EVERY_MS);
  return () => clearInterval(timer);
}

/** Whether flows of this hash were tried on a twin; undefined where the site does not answer. */
export async function triedAt(site: Site, hash: string): Promise<boolean | undefined> {
  try {
    const response = await ask(site, "/api/v1/flows/tried", { hash });
    return response.ok ? ((await response.json()) as { readonly tried: boolean }).tried : undefined;
  } catch {
    return undefined;
  }
}

/** The site's assets; undefined where it does not answer. */
export async function assetsOf(site: Site): Promise<readonly KnownAsset[] | undefined> {
  try {
    const response = await ask(site, "/api/v1/site");
    return response.ok ? ((await response.json()) as ApiSite).assets : undefined;
  } catch {
    return undefined;
  }
}
