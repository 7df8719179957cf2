// Relays of a running village that moved though nobody decided so.
import type { Village } from "./village.ts";

type Relays = Readonly<Record<string, { readonly supplied: boolean }>>;

/** How things stood. */
export interface Calm {
  readonly relays: Relays;
  /** When the newest decision was made, plant time. */
  readonly at: number;
}

const decisions = (village: Village): Promise<readonly { readonly at: number; readonly asset: string }[]> =>
  village.api("/api/v1/decisions?limit=200");
const relaysOf = async (village: Village): Promise<Relays> =>
  ((await village.twin({ query: [] })) as { relays: Relays }).relays;

export const calmOf = async (village: Village): Promise<Calm> => ({
  relays: await relaysOf(village),
  at: Math.max(0, ...(await decisions(village)).map(({ at }) => at)),
});

/** Relays that moved since, though no decision names their load. */
export async function movedByThemselves(
  village: Village,
  { relays: before, at: since }: Calm,
): Promise<readonly string[]> {
  const now = await relaysOf(village);
  const named = new Set((await decisions(village)).filter(({ at }) => at > since).map(({ asset }) => asset));
  return Object.keys(now).filter((id) => now[id]?.supplied !== before[id]?.supplied && !named.has(id));
}
