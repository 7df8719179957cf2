// The files that an export writes: CSV for people and spreadsheets, Parquet for those who reckon with years. Times are UTC.
// Written beside and renamed when whole, so that half a file is never taken for one.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { fileWriter, ParquetWriter } from "hyparquet-writer";
import type { ExportedRow } from "./rows.ts";

export interface ExportFile {
  write(rows: readonly ExportedRow[]): Promise<void>;
  /** Resolves when the file is whole and durable. */
  finish(): Promise<void>;
  abandon(): void;
}

export const COLUMNS = [
  "time",
  "asset",
  "point",
  "unit",
  "mean",
  "min",
  "max",
  "count",
  "energy_wh",
  "energy_whole",
] as const;

const csvLine = ({ t, asset, point, unit, mean, min, max, count, energy }: ExportedRow): string =>
  [
    new Date(t).toISOString(),
    asset,
    point,
    unit,
    mean,
    min,
    max,
    count,
    energy?.wh ?? "",
    energy?.whole ?? "",
  ].join(",");

function renamed(path: string): void {
  const beside = openSync(`${path}.part`, "r");
  fsyncSync(beside);
  closeSync(beside);
  renameSync(`${path}.part`, path);
}

const csvFile = (path: string): ExportFile => {
  const file = openSync(`${path}.part`, "w");
  writeSync(file, `${COLUMNS.join(",")}\n`);
  return {
    write: async (rows) => {
      if (rows.length > 0) writeSync(file, `${rows.map(csvLine).join("\n")}\n`);
    },
    async finish() {
      closeSync(file);
      renamed(path);
    },
    abandon() {
      closeSync(file);
      rmSync(`${path}.part`, { force: true });
    },
  };
};

const text = (name: string) =>
  ({ name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" }) as const;
const real = (name: string) => ({ name, type: "DOUBLE", repetition_type: "REQUIRED" }) as const;
const SCHEMA = [
  { name: "root", num_children: COLUMNS.length },
  { name: "time", type: "INT64", converted_type: "TIMESTAMP_MILLIS", repetition_type: "REQUIRED" } as const,
  ...["asset", "point", "unit"].map(text),
  ...["mean", "min", "max"].map(real),
  { name: "count", type: "INT32", repetition_type: "REQUIRED" } as const,
  { name: "energy_wh", type: "DOUBLE", repetition_type: "OPTIONAL" } as const,
  { name: "energy_whole", type: "BOOLEAN", repetition_type: "OPTIONAL" } as const,
];

const parquetFile = (path: string): ExportFile => {
  const writer = new ParquetWriter({ writer: fileWriter(`${path}.part`), schema: SCHEMA });
  const columns = (rows: readonly ExportedRow[]) => [
    { name: "time", data: rows.map(({ t }) => new Date(t)) },
    { name: "asset", data: rows.map(({ asset }) => asset) },
    { name: "point", data: rows.map(({ point }) => point) },
    { name: "unit", data: rows.map(({ unit }) => unit) },
    { name: "mean", data: rows.map(({ mean }) => mean) },
    { name: "min", data: rows.map(({ min }) => min) },
    { name: "max", data: rows.map(({ max }) => max) },
    { name: "count", data: rows.map(({ count }) => count) },
    { name: "energy_wh", data: rows.map(({ energy }) => energy?.wh) },
    { name: "energy_whole", data: rows.map(({ energy }) => energy?.whole) },
  ];
  return {
    write: async (rows) => {
      if (rows.length > 0) await writer.write({ columnData: columns(rows) });
    },
    async finish() {
      await writer.finish();
      renamed(path);
    },
    abandon: () => rmSync(`${path}.part`, { force: true }),
  };
};

/** Opens a file of the form that its name ends in. */
export const exportFile = (path: string): ExportFile =>
  (path.endsWith(".parquet") ? parquetFile : csvFile)(path);
