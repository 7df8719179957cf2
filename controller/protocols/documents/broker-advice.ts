// Advice on the site's broker: what MQTT without encryption means where it leaves this machine, and devices that would
// never reach a broker on loopback. Part of advice.ts.
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";

const LOOPBACK = /^mqtts?:\/\/(?:localhost|127\.|\[::1\])/;

function plainDevices({ site, devices }: SiteModel): readonly Mistake[] {
  const { listen } = site.broker;
  if (listen === undefined) return [];
  return Object.values(devices)
    .filter(({ spec }) => spec.plain === true)
    .map(({ id }) => ({
      path: ["devices", id, "plain"],
      message: `its MQTT at ${listen} is not encrypted: whoever is in that network can read its password, then report false values as ${id} and hear its commands (not switch others: their logins are not taken there so); keep such devices in a network of their own, without guests and internet`,
    }));
}

function plainBroker({ site }: SiteModel): readonly Mistake[] {
  const { url = "" } = site.broker;
  if (!url.startsWith("mqtt:") || LOOPBACK.test(url)) return [];
  const message =
    "mqtt:// is not encrypted: control's own login goes over the network readable, and with it every relay there; use mqtts://, or let nobody else into that network";
  return [{ path: ["broker"], message }];
}

/** Real devices are in the network; a broker on loopback serves only what runs on this machine. */
function deafBroker({ site, devices }: SiteModel): readonly Mistake[] {
  const { url, listen } = site.broker;
  if (site.site.simulated === true || url !== undefined || listen !== undefined) return [];
  const behind = Object.values(devices).filter(({ link }) => link.kind === "mqtt");
  const [first] = behind;
  if (first === undefined) return [];
  const which = behind.length === 1 ? first.id : `${first.id} and ${behind.length - 1} more`;
  const message = `its broker listens on this machine alone, where ${which} cannot reach it: write broker: { listen: … } with this machine's address in the network of the devices (and plain: true at each that cannot do TLS), or broker: mqtt://… for a broker of your own`;
  return [{ path: ["links", first.spec.link], message }];
}

/** All advice on the broker. */
export const brokerAdvice = (model: SiteModel): readonly Mistake[] => [
  ...plainDevices(model),
  ...plainBroker(model),
  ...deafBroker(model),
];
