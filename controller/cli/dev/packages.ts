// The Debian packages that tests speak to: real databases, browsers and clients. Installed where this process may, else
// named, so that the tests that need them skip themselves. No service of a package installed here is left running or
// enabled, and one that was there before is never touched.

import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runProgram, runVisibly } from "./program.ts";
import type { Result } from "./result.ts";

interface DebianPackage {
  readonly name: string;
  /** By which it is known to be there: a program, or the path of a file. */
  readonly program: string;
  readonly service?: string;
}

export const PACKAGES: readonly DebianPackage[] = [
  { name: "influxdb", program: "influxd", service: "influxdb" },
  { name: "victoria-metrics", program: "victoria-metrics", service: "victoria-metrics" },
  { name: "chromium", program: "chromium" },
  { name: "chromium-headless-shell", program: "chromium-headless-shell" },
  { name: "mosquitto", program: "mosquitto", service: "mosquitto" },
  { name: "mosquitto-clients", program: "mosquitto_sub" },
  { name: "mbpoll", program: "mbpoll" },
  { name: "python3-pymodbus", program: "pymodbus.server" },
  { name: "socat", program: "socat" },
  { name: "openssh-client", program: "sftp" },
  { name: "openssh-server", program: "sshd", service: "ssh" },
  { name: "openssl", program: "openssl" },
  { name: "systemd", program: "systemd-analyze" },
  { name: "systemd-container", program: "systemd-nspawn" },
  { name: "debootstrap", program: "debootstrap" },
  { name: "docker-compose", program: "docker-compose" },
  { name: "shellcheck", program: "shellcheck" },
  { name: "poppler-utils", program: "pdftotext" },
  { name: "gcc", program: "gcc" },
  { name: "libc6-dev", program: "/usr/include/stdio.h" },
  { name: "make", program: "make" },
  { name: "gcc-avr", program: "avr-gcc" },
  { name: "avr-libc", program: "/usr/lib/avr/include/avr/io.h" },
  { name: "binutils-avr", program: "avr-objcopy" },
  { name: "gcc-arm-none-eabi", program: "arm-none-eabi-gcc" },
  { name: "avrdude", program: "avrdude" },
  {
    name: "arduino-core-avr",
    program: "/usr/share/arduino/hardware/arduino/avr/bootloaders/optiboot/optiboot.c",
  },
  { name: "libmodbus-dev", program: "/usr/include/modbus/modbus.h" },
];

/** Runs as root with the packages' names: a policy keeps their services from starting, and goes when ours. */
export const INSTALL_SCRIPT = `
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ] && [ ! -L "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
`;

const SERVICE_SCRIPT = `
for service in "$@"; do
  if [ -d /run/systemd/system ]; then systemctl disable --now "$service"
  else update-rc.d "$service" disable; service "$service" stop; fi
done
`;

function present(program: string): boolean {
  if (program.startsWith("/")) return existsSync(program);
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export function missingPackages(): string[] {
  return PACKAGES.filter(({ program }) => !present(program)).map(({ name }) => name);
}

/** The words before a command that make it run as root, or undefined where that would ask for a password. */
async function asRoot(): Promise<string[] | undefined> {
  if (!present("apt-get")) return undefined;
  if (process.getuid?.() === 0) return [];
  return present("sudo") && (await runProgram("sudo", ["-n", "true"])).ok ? ["sudo", "-n"] : undefined;
}

async function install(names: readonly string[], root: readonly string[]): Promise<void> {
  const [command = "sh", ...args] = [...root, "sh", "-c"];
  const code = await runVisibly(command, [...args, INSTALL_SCRIPT, "gridwright", ...names]);
  if (code !== 0) console.log(`✖ apt-get could not install all of: ${names.join(" ")}`);
  const services = PACKAGES.filter(({ name, program }) => names.includes(name) && present(program))
    .map(({ service }) => service)
    .filter((service) => service !== undefined);
  if (services.length > 0) await runProgram(command, [...args, SERVICE_SCRIPT, "gridwright", ...services]);
}

/** Installs what is missing. In CI a package that stays missing is a failure; elsewhere it is said and skipped. */
export async function providePackages(): Promise<Result[]> {
  const began = performance.now();
  const wanted = missingPackages();
  if (wanted.length === 0) return [];
  const root = await asRoot();
  if (root !== undefined) {
    console.log(`installing Debian packages: ${wanted.join(" ")} …`);
    await install(wanted, root);
  }
  const missing = missingPackages();
  const failed = missing.length > 0 && process.env.CI === "true";
  if (missing.length > 0) console.log(`! tests that need them are skipped: apt install ${missing.join(" ")}`);
  const tookMs = performance.now() - began;
  return [{ name: "Debian packages", passed: failed ? 0 : 1, failed: failed ? 1 : 0, skipped: 0, tookMs }];
}
