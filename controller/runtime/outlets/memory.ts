// What services left at the broker, kept as a small file over restarts, so that the topics of an asset that left the
// site are cleared and Home Assistant forgets it. Written beside and renamed over; a damaged file counts as none.
import { readFile } from "node:fs/promises";
import { replaceFile } from "../data-folder/replace-file.ts";

/** Topic → the components announced there with their platform; empty for a topic that announces none. */
export type Left = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface LeftMemory {
  read(): Promise<Left>;
  write(left: Left): Promise<void>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isLeft = (value: unknown): value is Left =>
  isRecord(value) &&
  Object.values(value).every(
    (components) =>
      isRecord(components) && Object.values(components).every((platform) => typeof platform === "string"),
  );

export const leftFile = (path: string): LeftMemory => ({
  async read() {
    try {
      const value: unknown = JSON.parse(await readFile(path, "utf8"));
      return isLeft(value) ? value : {};
    } catch (error) {
      const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (missing || error instanceof SyntaxError) return {};
      throw error;
    }
  },
  write: (left) => replaceFile(path, `${JSON.stringify(left)}\n`),
});
