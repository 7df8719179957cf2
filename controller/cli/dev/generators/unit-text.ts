// How a unit's file is put together, where an installed site has its things, and what no unit of ours may do.

export const ROOT = "/opt/gridwright/current";
export const SITE = "/etc/gridwright/site.yaml";
export const DATA = "/var/lib/gridwright";
export const RUNTIME = "/run/gridwright";
export const CACHE = "/var/cache/gridwright";

const HEAD = "# Written by `npm run generate` from controller/cli/dev/generators/units.ts; change that.\n";

export type Section = readonly (readonly [string, string | readonly string[]])[];

export const section = (name: string, keys: Section): string =>
  [`[${name}]`, ...keys.flatMap(([key, value]) => [value].flat().map((one) => `${key}=${one}`))].join("\n");

export const file = (...sections: readonly string[]): string => `${HEAD}\n${sections.join("\n\n")}\n`;

/** A unit's own word for a key instead of the common one. */
export const overridden = (common: Section, own: Section): Section => [
  ...common.filter(([key]) => !own.some(([other]) => other === key)),
  ...own,
];

/** What the internet cannot reach; what the site's own devices and phones have. */
export const NEARBY = [
  ...["localhost", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"],
  ...["fc00::/7", "fe80::/10"],
];

/** What no unit needs. Node compiles at run time, so memory that is both written and run stays allowed. */
export const CLOSED: Section = [
  ["NoNewPrivileges", "yes"],
  ["CapabilityBoundingSet", ""],
  ["AmbientCapabilities", ""],
  ["UMask", "0077"],
  ...(
    [
      ...["ProtectHome", "ProtectClock", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules"],
      ...["ProtectKernelTunables", "ProtectControlGroups", "PrivateTmp", "RemoveIPC", "LockPersonality"],
      ...["RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID"],
    ] as const
  ).map((key) => [key, "yes"] as const),
  ["ProtectSystem", "strict"],
  ["ProtectProc", "invisible"],
  ["SystemCallArchitectures", "native"],
  ["SystemCallErrorNumber", "EPERM"],
  ["IPAddressDeny", "any"],
];

export const filter = (more: readonly string[] = []): Section => [
  ["SystemCallFilter", ["@system-service", "~@privileged @resources", ...more]],
];
