// The grid connection and the sun: import, export, and PV of which any part may be left unused at no cost.
import type { Draft } from "../draft.ts";

export interface GridColumns {
  readonly imports: readonly number[];
  readonly exports: readonly number[];
  readonly sun: readonly number[];
}

/** Import and export at once would earn money from nothing where exporting pays more: only one of them then. */
function keepApart({ builder, horizon }: Draft, step: number, [from, to]: readonly [number, number]): void {
  const importMax = (horizon.importMaxW[step] ?? 0) / 1_000;
  const exportMax = (horizon.exportMaxW[step] ?? 0) / 1_000;
  const pays = (horizon.priceExport[step] ?? 0) > (horizon.priceImport[step] ?? 0);
  if (!pays || importMax === 0 || exportMax === 0) return;
  const imports = builder.binary();
  builder.row(Number.NEGATIVE_INFINITY, 0, [
    [from, 1],
    [imports, -importMax],
  ]);
  builder.row(Number.NEGATIVE_INFINITY, exportMax, [
    [to, 1],
    [imports, exportMax],
  ]);
}

export function addGrid(draft: Draft): GridColumns {
  const { builder, horizon, balance } = draft;
  const { hours } = horizon;
  const imports: number[] = [];
  const exports: number[] = [];
  const sun: number[] = [];
  for (const [step, terms] of balance.entries()) {
    const from = builder.column({
      cost: (horizon.priceImport[step] ?? 0) * hours,
      upper: (horizon.importMaxW[step] ?? 0) / 1_000,
    });
    const to = builder.column({
      cost: -(horizon.priceExport[step] ?? 0) * hours,
      upper: (horizon.exportMaxW[step] ?? 0) / 1_000,
    });
    const used = builder.column({ upper: (horizon.pvW[step] ?? 0) / 1_000 });
    keepApart(draft, step, [from, to]);
    terms.push([from, 1], [to, -1], [used, 1]);
    imports.push(from);
    exports.push(to);
    sun.push(used);
  }
  return { imports, exports, sun };
}
