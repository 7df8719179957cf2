// The set-up link of a site on which nobody has an account yet, where nobody watches a terminal: it lies in memory until
// the machine is off, for who may read that folder. Never in a log, never on the card.
import { rename, rm, writeFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openPeople } from "@gridwright/runtime/people/open.ts";
import { setUpInvite } from "@gridwright/runtime/people/people.ts";
import { loadSite } from "../load-site.ts";
import type { LanPlace } from "./startup.ts";
import { listenOf, PAGE_PORT, setUpLinkFile, type UnitPlace } from "./unit-place.ts";

export const lanUrl = ({ address, port }: LanPlace): string =>
  `https://${isIPv6(address) ? `[${address}]` : address}:${port}/`;

/** Makes the link anew, or removes an old one where there is an admin. Before services open the accounts. */
export async function keepSetUpLink(place: UnitPlace): Promise<void> {
  const { model } = loadSite(place.siteFile);
  const desk = await openPeople({ dataDir: place.dataDir, model, io: hostClock() });
  const invite = await setUpInvite(desk);
  const file = setUpLinkFile(place);
  if (invite === undefined) return rm(file, { force: true });
  const lan = listenOf(place);
  const pages = [`http://127.0.0.1:${PAGE_PORT}/`, ...(lan === undefined ? [] : [lanUrl(lan)])];
  const links = pages.map((page) => `${page}#invite=${invite.secret}\n`);
  await writeFile(`${file}.new`, links.join(""), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
