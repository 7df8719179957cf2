// Running text in a terminal: lines no longer than its width, broken at spaces.

const WIDTH_DEFAULT = 80;
const WIDTH_MIN = 40;
const WIDTH_MAX = 110;

/** Columns of the terminal, within what reads well; 80 where the output is no terminal. */
export const terminalWidth = (columns: number | undefined = process.stdout.columns): number =>
  Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, columns ?? WIDTH_DEFAULT));

/** The text in lines of at most `width` characters; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
