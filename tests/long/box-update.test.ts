// `gridwright box update` beside a running site, over a real serial port and a real boot loader; avrdude reads the box back.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { RESET } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { schemaHash } from "@gridwright/firmware-bridge/src/protocol/messages.ts";
import { readHex } from "@gridwright/firmware-bridge/src/update/intel-hex.ts";
import { HEX_PATH, SAYS_PATH } from "@gridwright/runtime/boxes/box-image.ts";
import { makeBoxImage, makeReleaseKeys } from "../../controller/cli/dev/release.ts";
import { type BoxSite, startBoxSite, until } from "../firmware/box-site.ts";
import { FIRMWARE, madeFirmware, NEXT, NOW, told } from "../firmware/made-firmware.ts";
import { OPTIBOOT_NEEDS, optiboot } from "../firmware/optiboot.ts";
import { needs } from "../tools/needs.ts";
import { MAIN } from "../tools/real-site.ts";

const HIGH = 1;
const LOW = 0;
const STANDS_STILL = 0xff;
/** Longer than it listens for when nobody talks, in its own time. */
const BOOT_LOADER_MS = 2_500;
const skip = needs(...OPTIBOOT_NEEDS, "avrdude", "socat");
const SITE = [
  "devices: { shed: { link: usb, profile: gridwright-box, writesTried: true, box: { measures: {} } } }",
  "assets:",
  "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: shed/relay_3, measure: shed, onSilence: off }",
  "control: { startHold: 1 s, restoreInterval: 1 s }",
];

describe("gridwright box update", { skip }, () => {
  let site: BoxSite;
  let next: Uint8Array;
  let signed: readonly string[];
  /** In words. */
  let optibootAt: number;
  const update = (...args: readonly string[]) => site.command(["box", "update", "shed", ...args], press);
  const press = (text: string): void => {
    if (text.includes("Press the reset button")) site.box.restart(RESET.external);
  };
  const holds = (image: Uint8Array): boolean =>
    Buffer.compare(site.box.flash.subarray(0, image.length), image) === 0;

  before(async () => {
    const boot = optiboot();
    optibootAt = boot.at / 2;
    site = await startBoxSite(SITE, { supply: { volts: 231, amps: 0, hz: 50 }, boot });
    const root = join(site.folder, "sources");
    mkdirSync(join(root, "firmware-bridge/firmware"), { recursive: true });
    const hex = madeFirmware(NEXT);
    next = readHex(hex);
    writeFileSync(join(root, HEX_PATH), hex);
    writeFileSync(join(root, SAYS_PATH), JSON.stringify({ firmware: NEXT, schema: schemaHash() }));
    makeReleaseKeys(site.folder);
    const image = await makeBoxImage(root, join(site.folder, "update-key.private.pem"), site.folder);
    signed = ["--image", image, "--key", join(site.folder, "update-key.pem")];
    await until("control gives the heater supply", () => site.box.pin(2) === HIGH);
  });
  after(() => site?.stop());

  test("without --yes it only says what it would do", async () => {
    const { code, out } = await update(...signed);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`would get firmware ${told(NEXT)} .*signed.*add --yes`, "s"));
    assert.equal(site.box.pin(2), HIGH);
  });

  test("an image that is not signed by the installed key, or was changed, is refused", async () => {
    const other = join(site.folder, "other");
    mkdirSync(other);
    makeReleaseKeys(other);
    const foreign = await update(...signed.slice(0, 2), "--key", join(other, "update-key.pem"), "--yes");
    assert.match(foreign.err, /not signed by the key/);
    const changed = join(site.folder, "changed.gwu");
    const bytes = readFileSync(signed[1] ?? "");
    bytes[bytes.length - 900] = (bytes.at(-900) ?? 0) ^ 1;
    writeFileSync(changed, bytes);
    const torn = await update("--image", changed, ...signed.slice(2), "--yes");
    assert.match(torn.err, /damaged|not what was signed/);
    assert.deepEqual([foreign.code, torn.code], [1, 1]);
  });

  test("while something on the box is on, control keeps the line and says what, and nothing is moved", async () => {
    const { code, err } = await update(...signed, "--yes");
    assert.equal(code, 1);
    assert.match(err, /on the box shed there is still on: Heater.*gridwright hold/);
    assert.equal(site.box.pin(2), HIGH);
  });

  test("held off, the box gets its firmware; control lends the line, has it again, and the journal tells it", async () => {
    assert.equal((await site.command(["hold", "heater", "--why", "new firmware"])).code, 0);
    await until("the heater is off", () => site.box.pin(2) === LOW);
    const { code, out, err } = await update(...signed, "--yes");
    assert.deepEqual({ code, err }, { code: 0, err: "" }, out);
    assert.match(
      out,
      new RegExp(
        `lent the line.*firmware ${told(NOW)} and is at rest.*read back the same.*box shed runs firmware ${told(NEXT)}, and says so.*line again`,
        "s",
      ),
    );
    assert.ok(holds(next));
    assert.equal((await site.command(["clear", "heater", "--why", "done"])).code, 0);
    await until("control commands the new firmware", () => site.box.pin(2) === HIGH);
    const shown = await promisify(execFile)(process.execPath, [MAIN, "journal", "show", site.data]);
    const journal = shown.stdout.replace(/\s+/g, " ");
    assert.match(
      journal,
      new RegExp(`the line of the box shed is asked for: update to firmware ${told(NEXT)}`),
    );
    assert.match(
      journal,
      new RegExp(`the line of the box shed is given back: box shed runs firmware ${told(NEXT)}`),
    );
  });

  test("killed while it writes: the box stands still with all off, and the next call brings it to its end", async () => {
    await site.command(["hold", "heater", "--why", "new firmware"]);
    await until("the heater is off", () => site.box.pin(2) === LOW);
    let killed = false;
    const cut = site.command(["box", "update", "shed", "--yes"], (text, kill) => {
      press(text);
      if (!text.includes("is kept")) return;
      void until("it writes", () => site.box.flash[0] === STANDS_STILL).then(() => {
        killed = true;
        kill();
      });
    });
    assert.notEqual((await cut).code, 0);
    assert.ok(killed);
    const { code, out, err } = await update("--yes");
    assert.deepEqual({ code, err }, { code: 0, err: "" }, out);
    assert.match(out, new RegExp(`cut off goes on.*box shed runs firmware ${told(NOW)}, and says so`, "s"));
    const own = readHex(readFileSync(join(FIRMWARE, "gridwright-box.hex"), "utf8"));
    assert.ok(holds(own));
    assert.deepEqual(new Uint8Array(readFileSync(join(site.data, "boxes", "shed-before.bin"))), next);
  });

  test("avrdude reads the same out of it", async () => {
    await site.pty.unplug();
    const read = join(site.folder, "read.bin");
    const place = ["-P", `net:127.0.0.1:${site.server.port}`, "-b", "115200", "-x", "attempts=150"];
    const words = ["-q", "-c", "arduino", "-p", "m328p", ...place, "-U", `flash:r:${read}:r`];
    let isOver = false;
    const reading = promisify(execFile)("avrdude", words, { timeout: 240_000 }).finally(() => {
      isOver = true;
    });
    // It has no DTR here: the button is pressed until the boot loader stays, since somebody talks to it.
    const stays = (): boolean => site.box.chip().cpu.pc >= optibootAt;
    while (!isOver && !stays()) {
      site.box.restart(RESET.external);
      const until = site.box.atMs() + BOOT_LOADER_MS;
      while (!isOver && site.box.atMs() < until) await wait(50);
    }
    await reading;
    const own = readHex(readFileSync(join(FIRMWARE, "gridwright-box.hex"), "utf8"));
    assert.deepEqual(new Uint8Array(readFileSync(read)).subarray(0, own.length), own);
  });
});
