// MQTT topic filters as pure functions: which topics a filter takes, and whether a filter stays inside another.
// Names that begin with $ belong to the broker: no wildcard in first place takes them (MQTT 3.1.1, 4.7.2).

const hidden = (first: string | undefined): boolean => first?.startsWith("$") === true;

/** Whether `pattern` takes every topic that `filter` takes; a plain topic is a filter that takes itself alone. */
export function covers(pattern: string, filter: string): boolean {
  const wide = pattern.split("/");
  const narrow = filter.split("/");
  if (hidden(narrow[0]) && wide[0] !== narrow[0]) return false;
  for (const [index, level] of wide.entries()) {
    if (level === "#") return true;
    const other = narrow[index];
    if (other === undefined || other === "#") return false;
    if (level !== "+" && level !== other) return false;
  }
  return wide.length === narrow.length;
}
