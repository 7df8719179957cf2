// The nightly backup: what runs it, and when.
import { CACHE, CLOSED, DATA, file, filter, NEARBY, overridden, ROOT, SITE, section } from "./unit-text.ts";

/**
 * Reads everything, also what only its owner may read, and writes backups where the other processes cannot reach them. In the data
 * folder it notes how it went, and makes what is sent to a server.
 */
export const backupService = (): string =>
  file(
    section("Unit", [
      ["Description", "gridwright backup: a copy of the site, made while it runs"],
      ["ConditionPathExists", [SITE, "/etc/gridwright/backup-passphrase"]],
      ["RequiresMountsFor", DATA],
    ]),
    section("Service", [
      ["Type", "oneshot"],
      ["Environment", ["TO=/var/backups/gridwright", "MORE=", `NODE_COMPILE_CACHE=${CACHE}`]],
      // `TO=` with another place: a stick, a server; `MORE=` with further options, such as the key to it.
      ["EnvironmentFile", "-/etc/gridwright/backup.conf"],
      [
        "ExecStart",
        `${ROOT}/bin/node --disable-warning=ExperimentalWarning ${ROOT}/controller/cli/main.ts backup --config ${SITE} --data ${DATA} --to \${TO} $MORE`,
      ],
      ["Nice", "15"],
      ["IOSchedulingClass", "idle"],
      ["MemoryMax", "384M"],
      ["OOMScoreAdjust", "600"],
      ["CPUWeight", "20"],
      ...overridden(CLOSED, [
        ["CapabilityBoundingSet", "CAP_DAC_READ_SEARCH CAP_DAC_OVERRIDE"],
        ["ReadWritePaths", ["/var/backups/gridwright", DATA, `-${CACHE}`, "-/media", "-/mnt"]],
        ["PrivateDevices", "yes"],
        ["RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6"],
        ["IPAddressAllow", NEARBY],
      ]),
      ...filter(),
    ]),
  );

export const backupTimer = (): string =>
  file(
    section("Unit", [["Description", "gridwright backup, each night"]]),
    section("Timer", [
      ["OnCalendar", "*-*-* 02:40:00"],
      ["RandomizedDelaySec", "20min"],
      // A night without power is made up for.
      ["Persistent", "yes"],
    ]),
    section("Install", [["WantedBy", "timers.target"]]),
  );
