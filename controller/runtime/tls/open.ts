// The TLS of a site's server at one address of this machine, under that address and the machine's own .local name.
import { hostname } from "node:os";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { openTls, type SiteTls, type TlsServer } from "./site-tls.ts";

export interface TlsAt {
  readonly dataDir: string;
  readonly model: SiteModel;
  readonly name: TlsServer;
  readonly address: string;
  readonly io: Clock;
}

/** Throws `data-folder-unusable`. */
export const openTlsAt = ({ dataDir, model, name, address, io }: TlsAt): Promise<SiteTls> =>
  openTls({ dataDir, name, site: model.site.site.name, hosts: [address, `${hostname()}.local`], io });
