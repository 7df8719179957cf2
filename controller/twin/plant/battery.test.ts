import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type BatteryState, chargeShare, dischargeShare, moveCharge, settleBattery } from "./battery.ts";

const bank = (soc: number, celsius = 21): BatteryState => ({
  capacity: 48_000,
  socMin: 0.12,
  soc,
  voltage: 52,
  powerW: 0,
  celsius,
  chargeLimit: 0,
  dischargeLimit: 0,
  chargedWh: 0,
  dischargedWh: 0,
});

//  case                                          soc   °C   charge  discharge (shares of the rated current)
const LIMITS: readonly (readonly [string, number, number, number, number])[] = [
  ["half full and warm: all", 0.55, 23, 1, 1],
  ["nearly full: charge tapers", 0.95, 23, 0.5, 1],
  ["full: no charge", 1, 23, 0, 1],
  ["just above the minimum: discharge tapers", 0.145, 23, 1, 0.5],
  ["at the minimum: no discharge", 0.12, 23, 1, 0],
  ["frost: no charge, less discharge", 0.55, -3, 0, 0.91],
  ["cold: charge is throttled", 0.55, 5, 0.6, 1],
];
for (const [name, soc, celsius, charge, discharge] of LIMITS)
  test(`limits: ${name}`, () => {
    assert.ok(Math.abs(chargeShare(soc, celsius) - charge) < 0.01, `${chargeShare(soc, celsius)}`);
    assert.ok(Math.abs(dischargeShare(soc, 0.12, celsius) - discharge) < 0.01);
  });

test("without its management system the bank takes nothing", () => {
  const battery = bank(0.5);
  settleBattery(battery, false);
  assert.equal(battery.chargeLimit, 0);
  assert.ok(battery.dischargeLimit > 900);
});
test("voltage sags under load and rises in charge", () => {
  const [rest, loaded, charging] = [2, 18_000, -18_000].map((powerW) => {
    const battery = { ...bank(0.5), powerW };
    settleBattery(battery, true);
    return battery.voltage;
  });
  assert.ok((loaded ?? 0) < (rest ?? 0) - 0.2 && (charging ?? 0) > (rest ?? 0) + 0.2);
});
test("whatever is put in and taken out, charge stays within 0..1 and energy is conserved", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -90_000, max: 90_000 }), { maxLength: 60 }), (powers) => {
      const battery = bank(0.5);
      let [given, lost] = [0, 0];
      for (const watts of powers) {
        lost += moveCharge(battery, watts, 0.1) * 0.1;
        given += watts * 0.1;
      }
      assert.ok(battery.soc >= 0 && battery.soc <= 1);
      assert.ok(Math.abs((0.5 - battery.soc) * battery.capacity - given - lost) < 1e-6);
    }),
    { numRuns: 60, seed: 11 },
  );
});
