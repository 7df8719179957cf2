import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type NetworkInterfaceInfo, tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { refuseUnreachable } from "./lan-address.ts";

const at = (address: string): NetworkInterfaceInfo =>
  ({ address, netmask: "", mac: "", internal: false, cidr: null, family: "IPv4" }) as NetworkInterfaceInfo;
const PI = {
  lo: [at("127.0.0.1"), at("::1")],
  eth0: [at("192.168.1.10"), at("203.0.113.7")],
  wlan0: [at("FD00::7")],
};

it("an address of this machine in a private network is taken", () => {
  refuseUnreachable("192.168.1.10", PI);
  refuseUnreachable("fd00::7", PI);
});

it("any other one is refused with those that there are", () => {
  const rows: readonly (readonly [address: string, says: RegExp])[] = [
    [
      "127.0.0.1",
      /^127\.0\.0\.1 is this machine as it sees itself.* It has: 192\.168\.1\.10 \(eth0\), FD00::7 \(wlan0\)\. Nothing/,
    ],
    ["::1", /^::1 is this machine as it sees itself/],
    ["192.168.1.11", /^192\.168\.1\.11 is no address of this machine\. It has: 192\.168\.1\.10/],
    ["203.0.113.7", /is no address of this machine/],
  ];
  for (const [address, message] of rows) assert.throws(() => refuseUnreachable(address, PI), { message });
});

it("a machine without a network says so", () =>
  assert.throws(() => refuseUnreachable("10.0.7.2", { lo: PI.lo }), {
    message: /It has none in a private network yet/,
  }));

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

it("the command looks before it says or writes anything", () => {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-lan-"));
  const args = [MAIN, "lan", "open", "127.0.0.1", "--config", join(folder, "site.yaml"), "--runtime", folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(
    stderr,
    /^gridwright: 127\.0\.0\.1 is this machine as it sees itself.*Nothing was changed\.$/m,
  );
  assert.equal(existsSync(join(folder, "listen")), false);
  rmSync(folder, { recursive: true });
});
