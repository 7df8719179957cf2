// How even shares are, as one number.

/** Jain's fairness index (Σx)² / (n Σx²), 1/n … 1; null for nobody. Source: Jain, Chiu, Hawe 1984. */
export function jainOf(shares: readonly number[]): number | null {
  const squares = shares.reduce((sum, share) => sum + share * share, 0);
  if (shares.length === 0) return null;
  const sum = shares.reduce((total, share) => total + share, 0);
  return squares === 0 ? 1 : (sum * sum) / (shares.length * squares);
}
