// A home's day so far, over HTTP and by itself: the sum of its quarters of an hour since local midnight.
import assert from "node:assert/strict";
import { test } from "node:test";
import { memberAccount, SLOT_MS } from "@gridwright/contract/ledger.ts";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { settle } from "@gridwright/core/ledger/settle.ts";
import { todayOf } from "@gridwright/runtime/ledger/today.ts";
import { startGarden } from "@gridwright/runtime/web/garden-web-fixture.ts";
import { BEGIN, dataFolder, historyOf, mill, settled, steady } from "./mill.ts";

const as = (role: string): RequestInit => ({ headers: { cookie: `gridwright-demo-role=${role}` } });
const keptMill = () => settled({ dataDir: dataFolder(), history: historyOf(9, steady) });

test("today: from the slot in which it is midnight at the site, and not before", async () => {
  const kept = await keptMill();
  const slots = [...kept.book.slots.values()];
  const sum = (what: string, from: number): number =>
    slots
      .slice(from)
      .flatMap((slot) => settle(slot))
      .reduce(
        (all, [kind, , to, wh]) => (kind === what && to === memberAccount("forge") ? all + wh : all),
        0,
      );
  const inMadrid = todayOf(kept, zoneShifts("Europe/Madrid"), "forge");
  assert.equal(inMadrid.from, Date.UTC(2026, 10, 9, 23));
  assert.deepEqual([inMadrid.localWh, inMadrid.boughtWh], [sum("local", 0), sum("bought", 0)]);
  // On the Chatham Islands it is midnight at 10:15 UTC: one quarter is of the day before.
  const there = todayOf(kept, zoneShifts("Pacific/Chatham"), "forge");
  assert.equal(there.from, BEGIN + SLOT_MS);
  assert.deepEqual([there.localWh, there.boughtWh], [sum("local", 1), sum("bought", 1)]);
  assert.ok(there.localWh + there.boughtWh < inMadrid.localWh + inMadrid.boughtWh);
});

test("today: a home sees its own; a site that keeps no ledger has settled nothing", async (context) => {
  const kept = await keptMill();
  const ledger = {
    kept,
    served: { month: async () => ({ since: null, members: new Map() }), close: async () => undefined },
    trouble: () => null,
    read: () => assert.fail(),
    note: () => assert.fail(),
    close: async () => undefined,
  };
  const garden = await startGarden({ model: mill(), ledger });
  context.after(() => garden.close());
  const path = (member: string): string => `/api/v1/ledger/members/${member}/today`;
  assert.deepEqual(
    await (await garden.get(path("inn"), as("member"))).json(),
    todayOf(kept, mill().zone, "inn"),
  );
  assert.equal((await garden.get(path("forge"), as("member"))).status, 403);
  const bare = await startGarden({ model: mill() });
  context.after(() => bare.close());
  assert.deepEqual(await (await bare.get(path("inn"), as("member"))).json(), {
    ...{ from: null, settledTo: null, localWh: 0, boughtWh: 0 },
  });
});
