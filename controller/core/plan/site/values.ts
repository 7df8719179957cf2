// What a kWh is worth to whom, for the plan of a site.

/** Cost of a kWh that is not served, by tier: each so far above the next that no tier is given up for a later one. */
export const VALUES = [300, 60, 8, 2, 0.7] as const;
