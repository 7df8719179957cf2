// What a planted defect is: one place of the tree, changed so that a claim of RELIABILITY.md does not hold any more, and the test
// that must see it. The rows stand in ../defects/<area>.ts, each exporting DEFECTS.

export interface Defect {
  /** What is wrong, as a sentence. */
  readonly defect: string;
  readonly file: string;
  /** Stands in the file once. */
  readonly was: string;
  readonly is: string;
  /** Id of the claim that must turn red. */
  readonly row: string;
  /** Test file of that claim, which must fail. */
  readonly proof: string;
}

const once = ({ file, was }: Defect, text: string): number => {
  const at = text.indexOf(was);
  if (at < 0 || text.includes(was, at + 1)) throw new Error(`${file} does not have it once: ${was}`);
  return at;
};

/** The file's text with the defect in it. Throws where what it changes is not there once. */
export function planted(defect: Defect, text: string): string {
  const at = once(defect, text);
  return text.slice(0, at) + defect.is + text.slice(at + defect.was.length);
}
