// Connections that would believe any certificate: with one such line TLS is worth nothing.
import type { SourceFile } from "./source.ts";

const UNCHECKED = [
  /rejectUnauthorized\s*:(?!\s*true\b)/,
  /NODE_TLS_REJECT_UNAUTHORIZED/,
  /checkServerIdentity\s*[:(]/,
  /strictSSL\s*:\s*false/,
  /-unsafeSsl\b|--insecure\b|curl [^\n]*-\w*k\b/,
];

/** Laws and planted defects name what must not be. */
const isProgram = ({ path }: SourceFile): boolean =>
  /\.(ts|tsx|mjs|js|sh|service|yaml)$/.test(path) && !/^tests\/(laws|long\/defects)\//.test(path);

export const programs = (files: readonly SourceFile[]): readonly SourceFile[] => files.filter(isProgram);

/** Path and place of each. */
export const uncheckedCertificates = (files: readonly SourceFile[]): readonly string[] =>
  programs(files).flatMap(({ path, text }) =>
    UNCHECKED.flatMap((pattern) => {
      const found = pattern.exec(text);
      return found === null ? [] : [`${path}: ${found[0]}: check the certificate`];
    }),
  );
