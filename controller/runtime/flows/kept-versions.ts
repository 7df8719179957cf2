// The versions that the process of the flows keeps, as services read them: it is not trusted, so that what it wrote is read
// by schema and never longer than it may be. A version's number is that of its file.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { FlowsVersion } from "@gridwright/contract/api-flows.ts";
import { FLOWS_VERSION_FILE } from "@gridwright/contract/flows-place.ts";
import { z } from "zod";
import { namesIn } from "../data-folder/names-in.ts";

const VersionFile = FlowsVersion.extend({ flows: z.array(z.looseObject({})) });
export type VersionFile = z.output<typeof VersionFile>;

export interface KeptVersions {
  /** The number of the newest, whether it can be read or not; undefined: there is none. */
  newest(): Promise<number | undefined>;
  /** Undefined: there is none, or it makes no sense. */
  read(n: number): Promise<VersionFile | undefined>;
  /** Newest first, at most so many; what cannot be read is left out. */
  list(most: number): Promise<readonly FlowsVersion[]>;
}

const VERSION_BYTES_MAX = 1_048_576;

async function readVersion(path: string): Promise<VersionFile | undefined> {
  if ((await stat(path)).size > VERSION_BYTES_MAX) return undefined;
  const text = await readFile(path, "utf8");
  try {
    return VersionFile.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

export const versionNumber = (name: string): number => Number.parseInt(name, 10);

export function keptVersionsIn(folder: string): KeptVersions {
  const names = async (): Promise<readonly string[]> =>
    (await namesIn(folder))
      .filter((name) => FLOWS_VERSION_FILE.test(name))
      .sort()
      .reverse();
  return {
    async newest() {
      const [name] = await names();
      return name === undefined ? undefined : versionNumber(name);
    },
    async read(n) {
      const name = (await names()).find((one) => versionNumber(one) === n);
      return name === undefined ? undefined : readVersion(join(folder, name));
    },
    async list(most) {
      const read = await Promise.all(
        (await names()).slice(0, most).map((name) => readVersion(join(folder, name))),
      );
      return read.filter((one) => one !== undefined).map(({ flows: _flows, ...version }) => version);
    },
  };
}
