// Mistakes of ways for alerts that only show beside the rest of the site: an output that is no signal for alerts, two keys for
// browsers.
import type { Mistake } from "./model.ts";
import type { Site } from "./site.ts";

function outputMistake({ assets }: Site, id: string): string | undefined {
  const asset = assets[id];
  const fits = Object.entries(assets).flatMap(([name, one]) =>
    one.kind === "signal" && one.shows === "alert" ? [name] : [],
  );
  if (asset?.kind === "signal" && asset.shows === "alert") return undefined;
  const known =
    fits.length === 0 ? "there is none: add an asset of kind signal" : `there are: ${fits.join(", ")}`;
  return `"${id}" is no signal with shows: alert; ${known}`;
}

export function alertMistakes(site: Site): readonly Mistake[] {
  const channels = Object.entries(site.alerts.channels);
  const pushes = channels.filter(([, { kind }]) => kind === "push").slice(1);
  return [
    ...channels.flatMap(([id, channel]): Mistake[] => {
      const message = channel.kind === "output" ? outputMistake(site, channel.asset) : undefined;
      return message === undefined ? [] : [{ path: ["alerts", "channels", id, "asset"], message }];
    }),
    ...pushes.map(
      ([id]): Mistake => ({
        path: ["alerts", "channels", id, "kind"],
        message: "a browser knows one key of a site: one channel of kind push is enough",
      }),
    ),
  ];
}
