// The demo with a box (`--box`): the village's saw and its extractor hang on one box with microcontroller, whose real image
// runs on an emulated chip. Such a box lives in real time, so the demo begins now and runs at 1×.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Document } from "yaml";

/** A cut, a cable that is pulled out in the midst of it, and back two minutes later. */
export const BOX_STORY = fileURLToPath(new URL("../../twin/scenarios/village-box.yaml", import.meta.url));

const SILENCE = "2 s";

/** Hangs the saw and the extractor of the village on a box. */
export function hangOnBox(document: Document): void {
  const set = (path: readonly string[], value: unknown): void =>
    document.setIn(path, document.createNode(value));
  const channel = { silence: SILENCE };
  set(["links", "workshop-box"], { kind: "box", device: "/dev/serial/by-id/usb-workshop-box" });
  set(["devices", "workshop-box"], {
    link: "workshop-box",
    profile: "gridwright-box",
    box: { measures: {}, channels: { relay_1: channel, relay_2: channel } },
  });
  set(["assets", "saw", "switch"], "workshop-box/relay_1");
  set(["assets", "saw", "onSilence"], "finish");
  set(["assets", "saw", "finishWithin"], "5 min");
  // It rests without supply, and its own no-volt release waits for a person: supply that comes back is no start.
  set(["assets", "saw", "rearm"], "auto");
  set(["assets", "saw", "points"], { estop: "workshop-box/estop" });
  set(["assets", "extractor", "switch"], "workshop-box/relay_2");
  set(["assets", "extractor", "onSilence"], "off");
  set(["control"], { startHold: "5 s" });
}

/** Puts each line of boxes on a port of the demo's own folder; gives their ids. Throws where nobody can make such a port. */
export function ownPorts(document: Document, { site }: SiteModel, folder: string): readonly string[] {
  const links = Object.entries(site.links).flatMap(([id, { kind }]) => (kind === "box" ? [id] : []));
  if (links.length > 0 && spawnSync("socat", ["-V"], { stdio: "ignore" }).status !== 0)
    throw new GridwrightError(
      "usage",
      "A demo with a box needs socat for its port: sudo apt-get install socat",
    );
  for (const id of links) document.setIn(["links", id, "device"], join(folder, `${id}.port`));
  return links;
}
