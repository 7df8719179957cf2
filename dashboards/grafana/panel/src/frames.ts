// What came in Grafana's data frames, whichever database gave them: the newest value of each series with its labels and
// its time. Knows frames by their shape alone, so that it runs and is tested without Grafana.

/** What is used of Grafana's field. */
export interface FrameField {
  readonly name: string;
  readonly type: string;
  readonly values: ArrayLike<unknown>;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}
/** What is used of Grafana's data frame. */
export interface Frame {
  readonly refId?: string | undefined;
  readonly name?: string | undefined;
  readonly fields: readonly FrameField[];
}

/** The newest value of one series. */
export interface Reading {
  readonly metric: string;
  /** As Grafana shows the series. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Of the value, ms since 1970; undefined where the frame has no time. */
  readonly t: number | undefined;
}

/** Queries whose name ends so answer with times, s since 1970, of the values that the query without it gives. */
const TIMES = "-time";

const isName = (refId: string | undefined): refId is string =>
  refId !== undefined && !/^[A-Z]{1,2}$/.test(refId);

/** The measurement: by its label, else by the query's name, else by the beginning of the frame's name. */
function metricOf(
  { refId, name }: Frame,
  labels: Readonly<Record<string, string>>,
  field: FrameField,
): string {
  const label = labels.__name__;
  if (label !== undefined) return `${label.replace(/_value$/, "")}${refId?.endsWith(TIMES) ? TIMES : ""}`;
  if (isName(refId)) return refId;
  return /^[^\s.{]+/.exec(name ?? "")?.[0] ?? field.name;
}

const numberOf = (value: unknown): number | undefined => {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};
const isValue = ({ type }: FrameField): boolean => type === "number" || type === "boolean";

interface Columns {
  readonly frame: Frame;
  readonly time: FrameField | undefined;
  readonly texts: readonly FrameField[];
}

function readingAt({ frame, time, texts }: Columns, field: FrameField, row: number): Reading | undefined {
  const value = numberOf(field.values[row]);
  if (value === undefined) return undefined;
  const told = texts.map(({ name, values }) => [name, String(values[row] ?? "")] as const);
  const labels = Object.fromEntries(
    [...Object.entries(field.labels ?? {}), ...told].filter(([, text]) => text),
  );
  const metric = metricOf(frame, labels, field);
  const { __name__: _, ...others } = labels;
  return { metric, name: frame.name ?? field.name, labels: others, value, t: numberOf(time?.values[row]) };
}

/** The newest value of a field: its last row that has one; in a table of rows with labels every row is a series. */
function readingsOfField(columns: Columns, field: FrameField): readonly Reading[] {
  const rows = Array.from({ length: field.values.length }, (_, row) => row);
  if (columns.texts.length > 0)
    return rows.map((row) => readingAt(columns, field, row)).filter((found) => found !== undefined);
  const last = rows.findLast((row) => numberOf(field.values[row]) !== undefined);
  const found = last === undefined ? undefined : readingAt(columns, field, last);
  return found === undefined ? [] : [found];
}

function readingsOfFrame(frame: Frame): readonly Reading[] {
  const time = frame.fields.find(({ type }) => type === "time");
  const texts = frame.fields.filter(({ type }) => type === "string");
  return frame.fields.filter(isValue).flatMap((field) => readingsOfField({ frame, time, texts }, field));
}

const keyOf = ({ metric, labels }: Reading): string =>
  JSON.stringify([metric, Object.entries(labels).sort(([a], [b]) => a.localeCompare(b))]);

/** Every series once, by its newest value; times that a query of their own told stand in the place of the frame's. */
export function readingsOf(frames: readonly Frame[]): readonly Reading[] {
  const all = frames.flatMap(readingsOfFrame);
  const told = new Map(
    all
      .filter(({ metric }) => metric.endsWith(TIMES))
      .map((one) => [keyOf({ ...one, metric: one.metric.slice(0, -TIMES.length) }), one.value * 1000]),
  );
  const newest = new Map<string, Reading>();
  for (const reading of all.filter(({ metric }) => !metric.endsWith(TIMES))) {
    const key = `${keyOf(reading)}${Object.keys(reading.labels).length === 0 ? reading.name : ""}`;
    const t = told.get(keyOf(reading)) ?? reading.t;
    const known = newest.get(key);
    if (known === undefined || (known.t ?? 0) <= (t ?? 0)) newest.set(key, { ...reading, t });
  }
  return [...newest.values()];
}
