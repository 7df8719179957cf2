// A month of the whole community from its ledger's sums: where energy came from and where it went. It balances by how it is made:
// what came in and was neither used, sold nor lost is what batteries kept. Pure; whole Wh.
import type { YearEnergy } from "@gridwright/contract/api-year.ts";
import type { AccountSums, Tally } from "./tally.ts";

export const NO_ENERGY: YearEnergy = {
  ...{ sunWh: 0, fuelWh: 0, usedWh: 0, homesWh: 0, ownWh: 0 },
  ...{ boughtWh: 0, soldWh: 0, lossesWh: 0, storedWh: 0 },
};

const used = ({ local, bought }: AccountSums): number => local + bought;
const own = ({ local }: AccountSums): number => local;

/** What the accounts of a month come to for all together. */
export function energyOf(tally: Tally): YearEnergy {
  const sum = (begins: string, of: (sums: AccountSums) => number): number =>
    [...tally].reduce((all, [account, sums]) => (account.startsWith(begins) ? all + of(sums) : all), 0);
  /** Used at meters, whoever they belong to; a home that stands empty is one of them. */
  const ends = ["member:", "vacant:", "shared:"];
  const atEnds = (of: (sums: AccountSums) => number): number =>
    ends.reduce((all, begins) => all + sum(begins, of), 0);
  const sunWh = sum("sun", ({ counted }) => counted.in - counted.out) + atEnds(({ given }) => given);
  const fuelWh = sum("generator", ({ counted }) => counted.in - counted.out);
  const [boughtWh, soldWh] = [
    sum("grid", ({ counted }) => counted.in),
    sum("grid", ({ counted }) => counted.out),
  ];
  const [usedWh, lossesWh] = [atEnds(used), sum("losses:", ({ loss }) => loss)];
  return {
    ...{ sunWh, fuelWh, usedWh, boughtWh, soldWh, lossesWh },
    ...{ homesWh: usedWh - sum("shared:", used), ownWh: atEnds(own) },
    storedWh: sunWh + fuelWh + boughtWh - soldWh - usedWh - lossesWh,
  };
}

/** Several months together. */
export const together = (months: readonly YearEnergy[]): YearEnergy =>
  months.reduce(
    (all, one) => ({
      sunWh: all.sunWh + one.sunWh,
      fuelWh: all.fuelWh + one.fuelWh,
      usedWh: all.usedWh + one.usedWh,
      homesWh: all.homesWh + one.homesWh,
      ownWh: all.ownWh + one.ownWh,
      boughtWh: all.boughtWh + one.boughtWh,
      soldWh: all.soldWh + one.soldWh,
      lossesWh: all.lossesWh + one.lossesWh,
      storedWh: all.storedWh + one.storedWh,
    }),
    NO_ENERGY,
  );
