// `gridwright run`: a real site. The plant is outside; nothing here is simulated.
import { resolve } from "node:path";
import { isEmbedded } from "@gridwright/runtime/bus/broker-place.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { lockDataFolder } from "@gridwright/runtime/data-folder/lock.ts";
import { openPeople } from "@gridwright/runtime/people/open.ts";
import { type Secret, setUpInvite } from "@gridwright/runtime/people/people.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { openTlsAt } from "@gridwright/runtime/tls/open.ts";
import { commissioningNag } from "../commissioned.ts";
import { loadSite, mistakeLine } from "../load-site.ts";
import type { LanPlace, PacePlace, Startup } from "../processes/startup.ts";
import { lanUrl } from "../processes/unit-set-up.ts";
import { newFlowsPlace } from "../supervisor/flows-place.ts";
import type { Terminal } from "../supervisor/terminal.ts";
import { lanWelcome } from "./lan-welcome.ts";
import { serve } from "./serve.ts";

export interface RunOptions {
  readonly config: string;
  readonly data: string;
  readonly port: number;
  /** Plant time from a twin instead of the machine's. */
  readonly pace?: PacePlace;
  /** The page also there, by TLS. */
  readonly listen?: LanPlace;
  /** With the technicians' flows. */
  readonly flows?: boolean;
  readonly terminal: Terminal;
}

/** What a first start says: the link that makes its opener the admin, once. */
const setUpLines = (setUp: Secret | undefined, port: number | undefined): readonly string[] =>
  setUp === undefined
    ? []
    : [
        "Nobody has an account yet. Open this link once, on this machine, to become its admin:",
        `  http://127.0.0.1:${port}/#invite=${setUp.secret}`,
      ];

export async function runSite({
  config,
  data,
  port,
  pace,
  listen,
  terminal,
  ...options
}: RunOptions): Promise<void> {
  const siteFile = resolve(config);
  const dataDir = resolve(data);
  const { model, advice } = loadSite(siteFile);
  for (const line of advice) terminal.say(`advice: ${mistakeLine(line)}`);
  const nag = commissioningNag(siteFile, model);
  if (nag !== undefined) terminal.say(`advice: ${nag}`);
  const release = lockDataFolder(dataDir, "supervisor.lock");
  await openSecrets(dataDir, model);
  const io = hostClock();
  const setUp = await setUpInvite(await openPeople({ dataDir, model, io }));
  const tls = listen && (await openTlsAt({ dataDir, model, name: "page", address: listen.address, io }));
  const brokerPort = model.site.broker.port;
  const flows = options.flows ? await newFlowsPlace(new Set([brokerPort, port])) : undefined;
  const common = { dataDir, siteFile, brokerPort };
  const startups: readonly Startup[] = [
    ...(isEmbedded(model) ? [{ ...common, process: "broker", port: brokerPort } as const] : []),
    { ...common, process: "control", ...(pace && { pace }) },
    {
      ...common,
      process: "services",
      pagePort: port,
      demo: false,
      ...(listen && { lan: listen }),
      ...(pace && { pace }),
      ...(flows && { flows }),
    },
  ];
  await serve({
    startups,
    terminal,
    release,
    ...(flows && { flows: { place: flows, examples: [] } }),
    welcome: ({ started }) => [
      `${model.site.site.name} is running: http://127.0.0.1:${started.services?.ports.page}/   (Ctrl-C ends it)`,
      ...(listen && tls ? lanWelcome({ url: lanUrl(listen), fingerprint: tls.fingerprint }) : []),
      ...setUpLines(setUp, started.services?.ports.page),
    ],
  });
}
