// What a kWh is worth to whom, for the plan of a site.

/** Cost of a kWh that is not served, by tier: each so far above the next that no tier is given up for a later one. */
export const VALUES = [300, 60, 8, 2, 0.7] as const;

/** Worth of a kWh in a vehicle or a tank that nobody has asked for yet: more than selling it, less than keeping it in batteries. */
export const SPARE = 0.1;
