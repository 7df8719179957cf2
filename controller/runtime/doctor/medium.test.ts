// Two folders are lost together when one medium bears both, by the texts of machines as they are.
import assert from "node:assert/strict";
import { it } from "node:test";
import { isSameMedium } from "./medium.ts";

const MOUNTS = [
  "22 1 179:2 / / rw shared:1 - ext4 /dev/mmcblk0p2 rw",
  "43 22 179:3 / /var/lib rw - ext4 /dev/mmcblk0p3 rw",
  "44 22 8:1 / /media/stick rw - vfat /dev/sda1 rw",
  "45 22 254:1 / /srv rw - ext4 /dev/mapper/vault rw",
  "46 22 0:51 / /mnt/nas rw - nfs4 nas:/copies rw",
].join("\n");
const CARD = "../../devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0";
const FILES: Readonly<Record<string, string>> = {
  "/proc/self/mountinfo": `${MOUNTS}\n`,
  ...{ "/sys/dev/block/179:2/stat": "7", "/sys/dev/block/179:2/partition": "2" },
  ...{ "/sys/dev/block/179:3/stat": "9", "/sys/dev/block/179:3/partition": "3" },
  ...{ "/sys/dev/block/8:1/stat": "3", "/sys/dev/block/8:1/partition": "1" },
  ...{ "/sys/dev/block/254:1/stat": "5", "/sys/class/block/mmcblk0p4/partition": "4" },
};
const LINKS: Readonly<Record<string, string>> = {
  "/sys/dev/block/179:2": `${CARD}/mmcblk0p2`,
  "/sys/dev/block/179:3": `${CARD}/mmcblk0p3`,
  "/sys/dev/block/8:1": "../../devices/pci0000:00/usb2/2-1/host0/block/sda/sda1",
  "/sys/dev/block/254:1": "../../devices/virtual/block/dm-1",
  "/sys/class/block/mmcblk0p4": `${CARD}/mmcblk0p4`,
};
const host = {
  read: (path: string) => FILES[path],
  link: (path: string) => LINKS[path],
  list: (folder: string) => (folder === "/sys/dev/block/254:1/slaves" ? ["mmcblk0p4"] : []),
};

const DATA = "/var/lib/gridwright";
const rows: readonly (readonly [sentence: string, place: string, same: boolean | undefined])[] = [
  ["the same partition", "/var/lib/copies", true],
  ["another partition of the card", "/var/backups/gridwright", true],
  ["an enciphered part of the card", "/srv/copies", true],
  ["a stick", "/media/stick/gridwright", false],
  ["another machine's folder is not told apart, and nothing is claimed", "/mnt/nas/copies", undefined],
];
for (const [sentence, place, same] of rows)
  it(sentence, () => assert.equal(isSameMedium(host, DATA, place), same));
