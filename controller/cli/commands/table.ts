// Tables in the terminal: columns as wide as their widest cell, two spaces between them, no lines.

const GAP = "  ";

/** The rows with their head, one line each; columns named in `right` are aligned to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all.map((row) =>
    head
      .map((name, column) => {
        const [cell, width] = [row[column] ?? "", widths[column] ?? 0];
        return right.includes(name) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(GAP)
      .trimEnd(),
  );
}
