// What a start says to people with phones: the address as text and as a picture to photograph, and how the phone comes
// to trust it.
import { renderUnicodeCompact } from "uqr";

export interface LanShown {
  readonly url: string;
  readonly fingerprint: string;
}

/** For terminals that write light on dark, as most do; on others it is inverted, which phones read too. */
const picture = (text: string): readonly string[] =>
  renderUnicodeCompact(text, { border: 2 })
    .split("\n")
    .map((line) => `  ${line}`);

export const lanWelcome = ({ url, fingerprint }: LanShown): readonly string[] => [
  "Phones in this network:",
  `  ${url}`,
  ...picture(url),
  `A phone warns once. To be rid of it for good, install the community's certificate from ${url}ca.crt,`,
  "if its SHA-256 fingerprint is",
  `  ${fingerprint}`,
];
