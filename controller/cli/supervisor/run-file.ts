// What runs on a data folder, for commands that want to speak with it: `run.json`, which the supervisor writes, or one file
// per process in `running/`, where the service manager started them and there is no supervisor to write for all. Whoever
// starts removes the other form, so that an old one is never believed.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Started, Startup } from "../processes/startup.ts";
import type { ProcessName } from "./child.ts";

export interface RunFile {
  readonly siteFile: string;
  readonly processes: Readonly<Partial<Record<ProcessName, Started>>>;
}

type Place = Pick<Startup, "dataDir" | "siteFile">;

const whole = (dataDir: string): string => join(dataDir, "run.json");
const parts = (dataDir: string): string => join(dataDir, "running");

function write(file: string, value: unknown): void {
  const draft = `${file}.new`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

export function noteRun({ dataDir, siteFile }: Place, processes: RunFile["processes"]): void {
  rmSync(parts(dataDir), { recursive: true, force: true });
  write(whole(dataDir), { siteFile, processes });
}

/** One process notes itself alone. */
export function noteProcess({ dataDir, siteFile, process }: Startup, started: Started): void {
  mkdirSync(parts(dataDir), { recursive: true, mode: 0o700 });
  write(join(parts(dataDir), `${process}.json`), { siteFile, started });
  rmSync(whole(dataDir), { force: true });
}

/** As the last start on the folder noted it; undefined: nothing ever ran there. */
export function readRun(dataDir: string): Partial<RunFile> | undefined {
  if (existsSync(whole(dataDir))) return JSON.parse(readFileSync(whole(dataDir), "utf8")) as Partial<RunFile>;
  if (!existsSync(parts(dataDir))) return undefined;
  const noted = readdirSync(parts(dataDir))
    .filter((name) => name.endsWith(".json"))
    .map((name) => {
      const { siteFile, started } = JSON.parse(readFileSync(join(parts(dataDir), name), "utf8")) as {
        readonly siteFile: string;
        readonly started: Started;
      };
      return { siteFile, process: basename(name, ".json"), started };
    });
  const [first] = noted;
  if (first === undefined) return undefined;
  return {
    siteFile: first.siteFile,
    processes: Object.fromEntries(noted.map(({ process, started }) => [process, started])),
  };
}
