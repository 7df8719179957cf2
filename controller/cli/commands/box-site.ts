// Which box a command means, and where its line is: by the site that runs on a data folder, or by a site file.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { assetSwitchedBy } from "@gridwright/contract/site/asset-names.ts";
import type { DeviceModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { loadSite } from "../load-site.ts";
import { type Found, findRunning } from "./operator.ts";

export interface BoxOfSite {
  readonly model: SiteModel;
  readonly box: DeviceModel;
  readonly line: { readonly device: string; readonly baud: number };
  /** Others on the same line. */
  readonly beside: readonly string[];
  /** The controller that has the line; undefined: nobody does. */
  readonly running: Found | undefined;
}

const usage = (message: string): GridwrightError => new GridwrightError("usage", message);

/** Throws `usage` where there is no such box. */
export function boxOfSite(
  id: string,
  { data, config }: { readonly data: string; readonly config?: string },
): BoxOfSite {
  const running = findRunning(data);
  const siteFile = running?.siteFile ?? config;
  if (siteFile === undefined)
    throw usage(
      `Nothing runs on ${data}: name its folder with --data DIR, or the site file with --config site.yaml.`,
    );
  const { model } = loadSite(siteFile);
  const boxes = Object.values(model.devices).filter(({ profile }) => profile.protocol === "box");
  const box = boxes.find((one) => one.id === id);
  const link = box && model.site.links[box.spec.link];
  if (box === undefined || link?.kind !== "box")
    throw usage(
      boxes.length === 0
        ? `${siteFile} has no boxes (kind: box).`
        : `There is no box «${id}»; there are: ${boxes.map((one) => one.id).join(", ")}.`,
    );
  const beside = boxes.filter((one) => one !== box && one.spec.link === box.spec.link).map((one) => one.id);
  return { model, box, line: { device: link.device, baud: link.baud }, beside, running };
}

/** `relay_1 (Saw)`. */
export function channelText({ model, box }: BoxOfSite, point: string): string {
  const on = assetSwitchedBy(model, box.id, point);
  return on === undefined ? point : `${point} (${on.spec.name}, ${on.id})`;
}
