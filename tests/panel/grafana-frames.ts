// Answers of the databases as Grafana's own data sources make data frames of them: a frame per series, its tags as labels.
import type { FrameDto } from "./village-frames.ts";

interface InfluxSeries {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly values: readonly (readonly (number | string | null)[])[];
}
/** With the alias `$m`, as the flow is asked for; times in ms. */
export const ofInfluxql = (series: readonly InfluxSeries[]): readonly FrameDto[] =>
  series.map(({ name, tags = {}, values }) => ({
    ...{ refId: "A", name },
    fields: [
      { name: "Time", type: "time", values: values.map(([time]) => time) },
      { name: "Value", type: "number", values: values.map(([, value]) => value), labels: tags },
    ],
  }));

interface PromResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
}
/** Of an instant answer. */
export const ofPromql = (refId: string, results: readonly PromResult[]): readonly FrameDto[] =>
  results.map(({ metric, value: [time, value] = [0, ""] }) => ({
    ...{ refId, name: metric.__name__ ?? "" },
    fields: [
      { name: "Time", type: "time", values: [time * 1_000] },
      { name: "Value", type: "number", values: [Number(value)], labels: metric },
    ],
  }));
