// What a test needs from the machine that npm cannot bring. The test command installs these or, where it may not,
// names them in GRIDWRIGHT_MISSING; a test then skips itself and says what to install.
// Must not look for the programs itself: one place decides, so that two tests never disagree.

export type DebianPackage =
  | "influxdb"
  | "victoria-metrics"
  | "chromium"
  | "mosquitto"
  | "mosquitto-clients"
  | "mbpoll"
  | "socat"
  | "openssh-client"
  | "openssh-server"
  | "openssl"
  | "systemd"
  | "systemd-container"
  | "debootstrap"
  | "docker-compose"
  | "shellcheck"
  | "poppler-utils"
  | "gcc"
  | "libc6-dev"
  | "make"
  | "gcc-avr"
  | "avr-libc"
  | "binutils-avr"
  | "gcc-arm-none-eabi"
  | "avrdude"
  | "arduino-core-avr"
  | "libmodbus-dev"
  | "python3-pymodbus";

/** For `skip` of node:test: false, or the reason with its cure. */
export function needs(...packages: readonly DebianPackage[]): false | string {
  const named = (process.env.GRIDWRIGHT_MISSING ?? "").split(",");
  const missing = packages.filter((name) => named.includes(name));
  return missing.length === 0 ? false : `skipped: apt install ${missing.join(" ")}`;
}
