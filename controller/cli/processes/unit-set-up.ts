// What a start would say at a terminal, where nobody watches one: the set-up link of a site on which nobody has an account yet,
// and how phones reach the page. It lies in memory until the machine is off, for who may read that folder; the link's secret
// is never in a log and never on the card. That page or broker were opened or closed to a network is noted in the audit.
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import type { Log } from "@gridwright/contract/log.ts";
import { isPlain } from "@gridwright/contract/site/broker-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { FOLDERS } from "@gridwright/runtime/beside/equip.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openPeople } from "@gridwright/runtime/people/open.ts";
import { type Desk, setUpInvite } from "@gridwright/runtime/people/people.ts";
import { openTlsAt } from "@gridwright/runtime/tls/open.ts";
import { keepServers } from "@gridwright/runtime/tls/site-tls.ts";
import { lanWelcome } from "../commands/lan-welcome.ts";
import { commissioningNag } from "../commissioned.ts";
import { loadSite } from "../load-site.ts";
import type { LanPlace } from "./startup.ts";
import { listenOf, PAGE_PORT, phonesFile, setUpLinkFile, type UnitPlace } from "./unit-place.ts";

const hostIn = (address: string): string => (isIPv6(address) ? `[${address}]` : address);
export const lanUrl = ({ address, port }: LanPlace): string => `https://${hostIn(address)}:${port}/`;

async function keep(file: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return rm(file, { force: true });
  await writeFile(`${file}.new`, `${lines.join("\n")}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** In the audit once, where it is other than it last was. `is`: where it is open; undefined: nowhere. */
async function noteDoor({ audit }: Desk, door: "page" | "broker", is: string | undefined): Promise<void> {
  const [opened, closed] = [`${door}-opened`, `${door}-closed`] as const;
  const last = audit.newest(Number.MAX_SAFE_INTEGER).find(({ did }) => did === opened || did === closed);
  const was = last?.did === opened ? last.about.at : undefined;
  if (was === is) return;
  await audit.note(
    is === undefined ? { who: "nobody", did: closed } : { who: "nobody", did: opened, about: { at: is } },
  );
}

/** Where devices reach the site's broker on this machine. */
function brokerDoor(model: SiteModel): string | undefined {
  const { listen, port, tlsPort } = model.site.broker;
  if (listen === undefined) return undefined;
  const host = hostIn(listen);
  return `mqtts://${host}:${tlsPort}${isPlain(model) ? ` mqtt://${host}:${port}` : ""}`;
}

/** Before services open the accounts: the link made anew, or an old one removed where there is an admin. */
export async function tellWhoInstalls(place: UnitPlace, log: Log): Promise<void> {
  const { dataDir } = place;
  const { model } = loadSite(place.siteFile);
  const nag = commissioningNag(place.siteFile, model);
  if (nag !== undefined) log.warn(nag);
  const io = hostClock();
  const lan = listenOf(place);
  const desk = await openPeople({ dataDir, model, io });
  const invite = await setUpInvite(desk);
  const pages = [`http://127.0.0.1:${PAGE_PORT}/`, ...(lan === undefined ? [] : [lanUrl(lan)])];
  await keep(
    setUpLinkFile(place),
    invite === undefined ? [] : pages.map((page) => `${page}#invite=${invite.secret}`),
  );
  const tls = lan && (await openTlsAt({ dataDir, model, name: "page", address: lan.address, io }));
  await keep(
    phonesFile(place),
    lan && tls ? lanWelcome({ url: lanUrl(lan), fingerprint: tls.fingerprint }) : [],
  );
  await keepServers(dataDir, [
    ...(lan === undefined ? [] : ["page" as const]),
    ...(model.site.broker.listen === undefined ? [] : ["broker" as const]),
    ...(existsSync(FOLDERS.influxdb) ? ["influxdb" as const] : []),
  ]);
  await noteDoor(desk, "page", lan && lanUrl(lan));
  await noteDoor(desk, "broker", brokerDoor(model));
}
