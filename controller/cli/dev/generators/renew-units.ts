// What has mosquitto or InfluxDB take up the files that services gave them: services may not, and the user of the site may not.
import { CLOSED, file, filter, overridden, type Section, section } from "./unit-text.ts";

export const renewPath = (): string =>
  file(
    section("Unit", [["Description", "gridwright: new certificates, logins or rights for %i"]]),
    section("Path", [["PathChanged", "/etc/%i/gridwright/changed"]]),
    section("Install", [["WantedBy", "multi-user.target"]]),
  );

/** Speaks with the service manager and with nobody else. */
const ALONE: Section = [
  ["RestrictAddressFamilies", "AF_UNIX"],
  ["PrivateDevices", "yes"],
  ["PrivateNetwork", "yes"],
  ["MemoryDenyWriteExecute", "yes"],
];

export const renewService = (): string =>
  file(
    section("Unit", [
      ["Description", "gridwright: %i takes up its new files"],
      // Several files may change one after the other.
      ["StartLimitIntervalSec", "0"],
    ]),
    section("Service", [
      ["Type", "oneshot"],
      ["ExecStart", "/usr/bin/systemctl try-reload-or-restart %i.service"],
      ["MemoryMax", "64M"],
      ...overridden(CLOSED, ALONE),
      ...filter(),
    ]),
  );
