// What a panel or an annotation gives to Grafana to ask: the SDK knows no InfluxDB, and its Prometheus target needs more words
// than these.
import type { Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { DATA_SOURCES, type Question } from "./query.ts";

/** A target of a panel or an annotation that asks InfluxDB in its own words. */
export class InfluxqlTarget implements Dataquery {
  readonly datasource = DATA_SOURCES.influxql;
  readonly rawQuery = true;
  readonly refId: string;
  readonly query: string;
  readonly resultFormat: "time_series" | "table";
  readonly alias: string;

  constructor({ refId, query, alias = "", table = false }: TargetOptions) {
    this.refId = refId;
    this.query = query;
    this.alias = alias;
    this.resultFormat = table ? "table" : "time_series";
  }

  _implementsDataqueryVariant(): void {
    // The mark by which the SDK knows a query.
  }
}

interface TargetOptions {
  readonly refId: string;
  readonly query: string;
  readonly alias?: string;
  readonly table?: boolean;
}

/** The same for VictoriaMetrics, as Grafana's Prometheus source is asked. */
export class PromqlTarget implements Dataquery {
  readonly datasource = DATA_SOURCES.promql;
  readonly editorMode = "code";
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant: boolean;
  readonly range: boolean;
  readonly format: "time_series" | "table";
  readonly interval: string | undefined;

  constructor({ refId, question, legend = "" }: PromqlOptions) {
    const { promql = "", instant = false, step } = question;
    this.refId = refId;
    this.expr = promql;
    this.legendFormat = legend;
    this.instant = instant;
    this.range = !instant;
    this.format = legend === "" && instant ? "table" : "time_series";
    this.interval = step;
  }

  _implementsDataqueryVariant(): void {
    // The mark by which the SDK knows a query.
  }
}

interface PromqlOptions {
  readonly refId: string;
  readonly question: Question;
  readonly legend?: string;
}
