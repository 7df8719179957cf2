// `gridwright box update`: signed firmware for a box by USB. Control lends the line while it is done; what is asked and what came
// of it stands in the journal. Nothing is touched before --yes.
import { resolve } from "node:path";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import {
  type BoxImage,
  type Outcome,
  proveImage,
  updateBox,
  versionText,
} from "@gridwright/firmware-bridge/src/update/course.ts";
import { imageText, ownImage, signedImage } from "@gridwright/runtime/boxes/box-image.ts";
import { openBoxPort } from "@gridwright/runtime/boxes/box-port.ts";
import { keptImage } from "@gridwright/runtime/boxes/kept-image.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { lockDataFolder } from "@gridwright/runtime/data-folder/lock.ts";
import { send } from "./ask.ts";
import { type BoxOfSite, boxOfSite, channelText } from "./box-site.ts";
import { quiet } from "./operator.ts";
import { interrupted, progress } from "./terminal-ways.ts";

export interface BoxUpdateFlags {
  readonly data: string;
  readonly config?: string;
  readonly image?: string;
  readonly key: string;
  readonly port?: string;
  readonly yes?: boolean;
  readonly seenOff?: boolean;
}

type Write = (line: string) => void;

/** Two resets by hand and two images fit well into it. */
const LENT_MS = 600_000;

const refused = (why: string): GridwrightError => new GridwrightError("update-refused", why);

/** Has the line lent by control; gives what gives it back. Throws `update-refused` with control's reason. */
async function borrow(of: BoxOfSite, why: string, write: Write): Promise<(outcome: string) => Promise<void>> {
  const { running, box } = of;
  if (running === undefined) return async () => undefined;
  const data = running.dataDir;
  const ask = (lend: boolean, said: string) =>
    send({ body: { kind: "box-line", device: box.id, lend, why: said.slice(0, 200) }, data, ttlMs: LENT_MS });
  const { answer, words } = await ask(true, why);
  if (answer.outcome === "refused") throw refused(`Control keeps the line: ${words}.`);
  write("control has lent the line");
  return async (outcome) => {
    // Without a word control takes the line back by itself.
    const back = await ask(false, outcome).catch(() => undefined);
    write(back === undefined ? "control takes the line back within 10 min" : "control has the line again");
  };
}

async function carryOut(of: BoxOfSite, image: BoxImage, { flags, write }: Way): Promise<Outcome> {
  const { box, line, running } = of;
  const io = hostClock();
  const dataDir = running?.dataDir ?? resolve(flags.data);
  const port = await openBoxPort({ ...line, device: flags.port ?? line.device }, io, interrupted());
  try {
    return await updateBox({
      ...{ port, address: box.spec.unit, image, io, random: Math.random, say: write, progress },
      keep: keptImage(dataDir, box.id, quiet),
      nameOf: (point) => channelText(of, point),
      seenOff: flags.seenOff === true,
    });
  } finally {
    progress("");
    port.wire.destroy();
  }
}

interface Way {
  readonly flags: BoxUpdateFlags;
  readonly write: Write;
}

const outcomeText = (id: string, { kind, firmware }: Outcome): string => {
  const version = versionText(firmware);
  if (kind === "same") return `box ${id} runs firmware ${version} already`;
  return kind === "done"
    ? `box ${id} runs firmware ${version}, and says so`
    : `box ${id} runs firmware ${version} again; the new one was taken back`;
};

function plan(
  id: string,
  { line, running }: BoxOfSite,
  { image, flags }: { readonly image: BoxImage; readonly flags: BoxUpdateFlags },
): readonly string[] {
  const from = flags.image === undefined ? "the one of this release" : `signed, from ${flags.image}`;
  return [
    `box ${id} on ${flags.port ?? line.device} would get ${imageText(image)}, ${from}`,
    `It takes about half a minute, in which all its channels are off and it guards nothing.${running === undefined ? "" : " Control lends the line meanwhile."}`,
    "What it runs now is kept, and comes back where the new one does not say HELLO. To do it: add --yes",
  ];
}

/** Throws `update-refused` where nothing was touched, `update-failed` or `link-down` where it must be called again. */
export async function runBoxUpdate(id: string, flags: BoxUpdateFlags, write: Write): Promise<void> {
  const of = boxOfSite(id, flags);
  const { beside, running } = of;
  if (beside.length > 0 && flags.port === undefined)
    throw refused(
      `${id} shares its line with ${beside.join(", ")} (RS485): firmware goes by USB only. Unplug the pair, carry the board to a USB port and name that one with --port.`,
    );
  const image = flags.image === undefined ? ownImage() : await signedImage(flags.image, resolve(flags.key));
  proveImage(image);
  if (flags.yes !== true) return plan(id, of, { image, flags }).forEach((line) => void write(line));
  const release = lockDataFolder(running?.dataDir ?? resolve(flags.data), "box.lock");
  try {
    const needsLine = flags.port === undefined;
    const why = `update to ${imageText(image)}`;
    const giveBack = needsLine ? await borrow(of, why, write) : async () => undefined;
    let came = "it was cut off";
    try {
      const outcome = await carryOut(of, image, { flags, write });
      came = outcomeText(id, outcome);
      write(came);
      if (outcome.kind === "back") process.exitCode = 1;
    } catch (error) {
      came = messageOf(error);
      throw error;
    } finally {
      await giveBack(came);
    }
  } finally {
    release();
  }
}
