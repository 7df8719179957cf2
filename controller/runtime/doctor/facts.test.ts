// What a machine tells, by texts as a Raspberry Pi gives them; what it does not tell stays unknown.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Host } from "./host.ts";
import { openPorts } from "./listening.ts";
import { boardFacts, cardFacts, clockFacts } from "./machine-facts.ts";
import { secretFacts } from "./secret-facts.ts";

interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly modes?: Readonly<Record<string, number>>;
  readonly says?: Readonly<Record<string, string>>;
}

function host({ files = {}, links = {}, modes = {}, says = {} }: Given): Host {
  const below = (folder: string): readonly string[] =>
    [...Object.keys(files), ...Object.keys(links)].flatMap((path) =>
      path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split("/")[0] ?? ""] : [],
    );
  return {
    read: (path) => files[path],
    list: (folder) => [...new Set(below(folder))].sort(),
    link: (path) => links[path],
    mode: (path) => modes[path],
    room: () => ({ freeBytes: 19e9, totalBytes: 29e9 }),
    run: async (command) => says[command],
  };
}

const PI: Given = {
  files: {
    "/proc/self/mountinfo":
      "22 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw\n43 22 179:3 / /var/lib rw - ext4 /dev/mmcblk0p3 rw\n",
    "/proc/uptime": "345600.17 1200000.3\n",
    "/sys/dev/block/179:3/stat": "1 2 3 4 5 6 700 8",
    "/sys/dev/block/179:3/partition": "3\n",
    "/sys/dev/block/179:3/../stat": "  9123 4511 812344 33123 18812 9001 605469 88123 0 61212 121246\n",
    "/sys/dev/block/179:3/../size": "62333952\n",
    "/proc/meminfo":
      "MemTotal:         948304 kB\nMemFree: 70000 kB\nMemAvailable:   612000 kB\nSwapTotal: 102396 kB\nSwapFree: 98300 kB\n",
    "/proc/vmstat": "pgfault 7\noom_kill 2\n",
    "/sys/class/thermal/thermal_zone0/temp": "51540\n",
    "/proc/411/io": "rchar: 5\nwrite_bytes: 163840000\ncancelled_write_bytes: 0\n",
    "/proc/411/stat": `411 (gridwright (control)) S ${Array.from({ length: 18 }, (_, at) => at).join(" ")} 200017 1`,
  },
  says: { vcgencmd: "throttled=0x50000\n", timedatectl: "yes\n" },
};

describe("a Raspberry Pi", () => {
  it("tells what was written to its whole card, and by which process", () => {
    const card = cardFacts(host(PI), {
      dataDir: "/var/lib/gridwright",
      pids: { control: 411, services: 412 },
    });
    assert.deepEqual(
      { ...card, processes: Math.round((card.processes.control ?? 0) / 1e5) / 10 },
      {
        ...{
          writtenBytes: 605_469 * 512,
          upMs: 345_600_170,
          sizeBytes: 62_333_952 * 512,
          usedRatio: undefined,
        },
        ...{ freeBytes: 19e9, totalBytes: 29e9, processes: 41.2 },
      },
    );
  });
  it("tells of heat, supply and memory", async () => {
    assert.deepEqual(await boardFacts(host(PI)), {
      ...{
        celsius: 51.54,
        throttled: 0x50000,
        availableBytes: 612_000 * 1_024,
        memoryBytes: 948_304 * 1_024,
      },
      ...{ swapUsedBytes: 4_096 * 1_024, oomKills: 2 },
    });
  });
  it("says whether the network sets its clock", async () => {
    const asked = { wall: 9_000, newestRecord: 8_000 };
    assert.deepEqual(await clockFacts(host(PI), asked), { ...asked, isSynchronised: true, hasChip: false });
    const chip = host({ files: { "/sys/class/rtc/rtc0/name": "ds3231" }, says: { timedatectl: "no\n" } });
    assert.deepEqual(await clockFacts(chip, asked), { ...asked, isSynchronised: false, hasChip: true });
  });
  it("an eMMC says how much of its life is used", () => {
    const files = { ...PI.files, "/sys/dev/block/179:3/../device/life_time": "0x02 0x09\n" };
    assert.equal(cardFacts(host({ files }), { dataDir: "/var/lib/x", pids: {} }).usedRatio, 0.9);
  });
});

it("a machine that tells nothing is not guessed at", async () => {
  const nothing = host({});
  const { writtenBytes, sizeBytes, processes } = cardFacts(nothing, {
    dataDir: "/data",
    pids: { control: 5 },
  });
  assert.deepEqual([writtenBytes, sizeBytes, processes], [undefined, undefined, {}]);
  const { celsius, throttled } = await boardFacts(nothing);
  assert.deepEqual([celsius, throttled], [undefined, undefined]);
  assert.equal((await clockFacts(nothing, { wall: 1, newestRecord: undefined })).isSynchronised, undefined);
});

it("ports beyond loopback are found, and whose they are", () => {
  const row = (local: string, inode: number, state = "0A"): string =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000 100 0 0 10 0`;
  const files = {
    "/proc/net/tcp": [
      "  sl  local_address rem_address   st tx_queue",
      row("0100007F:1F90", 71),
      row("0207000A:20FB", 72),
      row("00000000:0016", 73),
      row("0207000A:D431", 74, "01"),
    ].join("\n"),
    "/proc/net/tcp6": [
      row("00000000000000000000000001000000:1F90", 75),
      row("00000000000000000000000000000000:1F96", 76),
      row("0000000000000000FFFF00000100007F:1F97", 77),
      row("0000000000000000FFFF00000207000A:1F98", 78),
      row("000080FE000000000000000002000000:0050", 79),
    ].join("\n"),
  };
  const links = {
    "/proc/411/fd/7": "socket:[72]",
    "/proc/411/fd/3": "/dev/null",
    "/proc/412/fd/9": "socket:[78]",
  };
  assert.deepEqual(
    openPorts(host({ files, links }), { control: 411, services: 412 }).map(
      ({ address, port, ours }) => `${address} ${port} ${ours ?? "-"}`,
    ),
    [
      "10.0.7.2 8443 control",
      "0.0.0.0 22 -",
      ":: 8086 -",
      "::ffff:10.0.7.2 8088 services",
      "fe80:0:0:0:0:0:0:2 80 -",
    ],
  );
});

it("secrets are judged by who may read them and by what everybody knows; a value is never told", () => {
  const files = {
    "/d/secrets/broker.json": '{"control":"kS8vQ2mT7xwof"}',
    "/d/secrets/issuers.json": '{"operator":"kS8vQ2mT7xwof","services":"Gridwright"}',
    "/d/secrets/accounts.json": '{"accounts":[]}',
    "/etc/g/influx": "pump7\n",
    "/etc/g/logins.json": '{"control":{"username":"c","password":"mosquitto"}}',
    "/etc/g/token": "kS8vQ2mT7xwof\n",
  };
  const modes = Object.fromEntries(
    Object.keys(files).map((path) => [path, path.endsWith("token") ? 0o640 : 0o600]),
  );
  const named = ["/etc/g/influx", "/etc/g/logins.json", "/etc/g/token", "/etc/g/none"];
  const found = secretFacts(host({ files, modes }), { dataDir: "/d", named });
  assert.deepEqual(
    found.map(({ file, fault }) => `${file} ${fault ?? "well"}`),
    [
      ...["/d/secrets/accounts.json well", "/d/secrets/broker.json well", "/d/secrets/issuers.json default"],
      ...["/etc/g/influx short", "/etc/g/logins.json default", "/etc/g/token open"],
    ],
  );
});
