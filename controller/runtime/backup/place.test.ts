// Where a backup goes is read strictly: what it says becomes arguments of a program and names on a disk.
import assert from "node:assert/strict";
import { it } from "node:test";
import { mountOf, mountPoints } from "./mounted.ts";
import { parsePlace, placeText } from "./place.ts";

it("a place is a folder, a stick or a server with a user", () => {
  const rows: readonly (readonly [text: string, then: string])[] = [
    ["/var/backups/mill", "folder /var/backups/mill"],
    ["usb:/media/stick/mill", "usb /media/stick/mill"],
    ["sftp://mill@10.0.7.2/backups/valley", "sftp sftp://mill@10.0.7.2:22/backups/valley"],
    ["sftp://mill@store.local:2222/a/", "sftp sftp://mill@store.local:2222/a"],
    ["sftp://mill:secret@10.0.7.2/a", "refused"],
    ["sftp://10.0.7.2/a", "refused"],
    ["sftp://mill@10.0.7.2", "refused"],
    ["sftp://-oProxyCommand=x@10.0.7.2/a", "refused"],
    ["sftp://mill@10.0.7.2/a%22%0Arm", "refused"],
    ["sftp://mill@10.0.7.2/a*", "refused"],
    ["http://10.0.7.2/a", "refused"],
    ["", "refused"],
  ];
  for (const [text, then] of rows) {
    const place = parsePlace(text);
    assert.equal(place === undefined ? "refused" : `${place.kind} ${placeText(place)}`, then, text);
  }
});

it("a path lies on the longest mount point that it begins with", () => {
  const points = mountPoints(
    [
      "22 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw",
      "41 22 8:1 / /media/blue\\040stick rw,nosuid - vfat /dev/sda1 rw",
      "43 22 179:3 / /var/lib rw - ext4 /dev/mmcblk0p3 rw",
    ].join("\n"),
  );
  const rows: readonly (readonly [path: string, then: string])[] = [
    ["/media/blue stick/mill", "/media/blue stick"],
    ["/media/blue stick", "/media/blue stick"],
    ["/media/blue sticker", "/"],
    ["/var/lib/gridwright", "/var/lib"],
    ["/home", "/"],
  ];
  for (const [path, then] of rows) assert.equal(mountOf(path, points), then, path);
});
