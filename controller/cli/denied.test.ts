// What a machine refuses is told with the file, its owner, who asks and the cure that is right where it runs.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { fileURLToPath } from "node:url";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { type Asker, toldDenied } from "./denied.ts";

const folder = mkdtempSync(join(tmpdir(), "gridwright-denied-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const secrets = join(folder, "secrets");
const accounts = join(secrets, "accounts.json");
mkdirSync(secrets, { mode: 0o700 });
writeFileSync(accounts, "{}", { mode: 0o600 });
const { uid: mine } = statSync(accounts);

const refusal = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: not today, open '${path}'`), { code, path });
const STRANGER: Asker = { installed: undefined, name: "maria", uid: 54_321, gids: [54_321] };
const said = (error: Error, asker: Asker): string => {
  const told = toldDenied(error, asker);
  assert.ok(told instanceof GridwrightError);
  assert.equal(told.code, "data-folder-unusable");
  return told.message;
};

it("names the closed folder above a file, its mode, who asks and the cure", () => {
  const text = said(refusal("EACCES", accounts), STRANGER);
  assert.match(text, new RegExp(`^${accounts} belongs to \\S+ \\(mode 0600\\) and may not be used by maria`));
  assert.match(text, new RegExp(`sudo chown -R maria: ${accounts}, or give another folder with --data DIR`));
  chmodSync(accounts, 0o666);
  const above = said(refusal("EACCES", accounts), STRANGER);
  assert.match(above, new RegExp(`^${secrets} belongs to .*\\(mode 0700\\)`));
  assert.match(
    said(refusal("EACCES", join(secrets, "new.json")), STRANGER),
    new RegExp(`^${secrets} belongs`),
  );
  chmodSync(accounts, 0o600);
});

it("finds what refused behind an error of ours", () => {
  const ours = new GridwrightError("internal", "no", { cause: refusal("EACCES", accounts) });
  assert.match(said(ours, STRANGER), /accounts\.json belongs to/);
  const ofThread = new GridwrightError(
    "data-folder-unusable",
    `${secrets}: EACCES: permission denied, scandir '${secrets}'`,
  );
  assert.match(said(ofThread, STRANGER), /secrets belongs to .*Cure: sudo chown/);
});

it("a file of one's own that is closed is opened, not given away", () => {
  chmodSync(accounts, 0o200);
  const owner: Asker = { ...STRANGER, uid: mine };
  // Root is refused by no mode.
  const cure = mine === 0 ? /may not be used by maria/ : /Cure: chmod u\+rwX /;
  assert.match(said(refusal("EACCES", accounts), owner), cure);
  chmodSync(accounts, 0o600);
});

it("says what is full and what is read-only, not that another folder is wanted", () => {
  assert.match(said(refusal("ENOSPC", accounts), STRANGER), /its file system is full\. Cure: .*df -h/);
  assert.match(said(refusal("EROFS", accounts), STRANGER), /read-only\. Cure: journalctl -k/);
});

it("an installed site's own place is put right by what installed it, never by another --data", () => {
  const unit = { ...STRANGER, installed: folder, name: "gridwright" };
  const text = said(refusal("EACCES", accounts), unit);
  assert.match(
    text,
    mine === 0
      ? /Cure: sudo \/opt\/gridwright\/current\/deploy\/install\.sh/
      : /Cure: sudo chown -R gridwright: /,
  );
  assert.doesNotMatch(text, /--data/);
  chmodSync(folder, 0o700);
  const top = { ...refusal("EACCES", join(folder, "new")), message: "" };
  assert.match(said(Object.assign(new Error(), top), unit), /Cure: sudo \/opt.*install\.sh\.$/);
  const person = { ...unit, name: "pi" };
  assert.match(said(refusal("EACCES", accounts), person), /Cure: call this command with sudo\.$/);
});

it("nobody is told to give away a folder that is not the site's, as root's home", () => {
  const unit = { ...STRANGER, installed: join(folder, "elsewhere"), name: "gridwright" };
  const text = said(refusal("EACCES", accounts), unit);
  assert.match(
    text,
    /Cure: name a folder that gridwright may use; the data of this site lie in .*elsewhere\.$/,
  );
  assert.doesNotMatch(text, /chown/);
});

it("a confined process, which may not read who is who, still tells it", () => {
  const repo = fileURLToPath(new URL("../../", import.meta.url));
  const told = `import { toldDenied } from ${JSON.stringify(new URL("denied.ts", import.meta.url).href)};
    const refused = Object.assign(new Error("EACCES: no"), { code: "EACCES", path: "/nowhere/flows.json" });
    console.log(toldDenied(refused).message);`;
  const confined = [
    "--permission",
    `--allow-fs-read=${repo}`,
    "--no-warnings",
    "--input-type=module",
    "-e",
    told,
  ];
  const { stdout, stderr } = spawnSync(process.execPath, confined, { encoding: "utf8" });
  assert.match(stdout, /^\/nowhere\/flows\.json may not be used by \d+, who runs this process/, stderr);
});

it("what is no refusal of the machine stays as it is", () => {
  const bug = new TypeError("undefined is not a function");
  assert.equal(toldDenied(bug, STRANGER), bug);
  const missing = Object.assign(new Error("ENOENT"), { code: "ENOENT", path: accounts });
  assert.equal(toldDenied(missing, STRANGER), missing);
});
