// What people do wrong on an installed site, in its box: each is named with its cure, and the cure holds.
import assert from "node:assert/strict";
import type { Box } from "./box.ts";
import { done } from "./hands.ts";

const SITE = "/etc/gridwright/site.yaml";
const ACCOUNTS = "/var/lib/gridwright/secrets/accounts.json";
const INSTALL = "/opt/gridwright/current/deploy/install.sh";

/** Before the box has any network. */
export function refusesNoAddress(box: Box): void {
  const rows = [
    ["127.0.0.1", /this machine as it sees itself/],
    ["192.168.77.5", /no address of this machine/],
  ] as const;
  for (const [address, why] of rows) {
    const { status, output } = box.run("gridwright", "lan", "open", address);
    assert.notEqual(status, 0);
    assert.match(output, why);
    assert.doesNotMatch(output, /is opened/);
    assert.notEqual(box.run("test", "-e", "/etc/gridwright/listen").status, 0);
  }
}

/** Accounts and journal are root's: services and control say so and do not come up before the cure. */
export function namesRootsFile(box: Box): void {
  const rows = [
    ["services", ACCOUNTS],
    ["control", "/var/lib/gridwright/journal"],
  ] as const;
  for (const [process, path] of rows) {
    done(box, "chown", "root:root", path);
    assert.notEqual(box.run("systemctl", "restart", `gridwright-${process}`).status, 0);
    const log = done(box, "journalctl", "--no-pager", "-o", "cat", "-n", "20", "-u", `gridwright-${process}`);
    const said = new RegExp(
      `"data-folder-unusable","msg":"${path} belongs to root \\(mode 0[67]00\\) and may not be used by gridwright, who runs this process\\. Cure: sudo ${INSTALL}`,
    );
    assert.match(log, said);
  }
  done(box, INSTALL);
}

export function doctorFindsSlips(box: Box): void {
  const doctor = (): string => box.run("gridwright", "doctor").output;
  const well = /✔.* processes +These run: gridwright-control, gridwright-broker, gridwright-services\./;
  assert.match(doctor(), well);
  done(box, "sh", "-c", `cp ${SITE} /srv/site.yaml && echo 'lamps: 3' >> ${SITE}`);
  done(box, "systemctl", "stop", "gridwright-broker");
  const told = doctor();
  for (const says of [
    /✖.* site file +The site file has mistakes \(1\).*\/etc\/gridwright\/site\.yaml:\d+/,
    /!.* processes +gridwright-broker does not run\.\n +→ sudo systemctl start gridwright-broker/,
    /✔.* secrets /,
    /\? control +Whether control acts is not known/,
  ])
    assert.match(told, says);
  done(box, "sh", "-c", `cp /srv/site.yaml ${SITE} && systemctl start gridwright-broker`);
}
