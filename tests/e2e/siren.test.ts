// A siren as a way for alarms, seen at its relay: it sounds when an alarm lasts, is silent once somebody has seen it, sounds again
// for the next one, and goes silent by the board's own timer when every process of the controller is dead.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { needs } from "../tools/needs.ts";
import { type SirenSite, startSirenSite } from "../tools/siren-site.ts";
import { until } from "../tools/village.ts";

const [FIRST, NEXT] = ["relays-workshop", "main-meter"] as const;
/** Plant time; the site runs three times as fast. */
const LEASE_S = 30;

describe("a siren that shows alerts", { skip: needs("mbpoll") }, () => {
  let site: SirenSite;
  const within = (withinMs: number) => ({ withinMs, everyMs: 250, terminal: site.terminal });
  const sounds = (sentence: string, wanted: boolean, withinMs = 30_000): Promise<number> =>
    until(sentence, async () => (await site.sounds()) === wanted, within(withinMs));
  before(async () => {
    const channels = { siren: { kind: "output", asset: "siren" } };
    site = await startSirenSite({ channels, lease: `${LEASE_S} s`, speed: 3 });
  });
  after(() => site?.close());

  it("is silent while nothing is wrong, and sounds when an alarm lasts", async () => {
    await until("control reads the plant", async () => (await site.state()).t !== null, within(30_000));
    assert.equal(await site.sounds(), false);
    await site.pull(FIRST);
    await sounds("the siren sounds", true);
    assert.ok((await site.open()).includes(`device-lost/${FIRST}`));
    const { siren } = (await site.state()).assets;
    assert.equal(siren?.reason.code, "signal-alert");
  });
  it("is silent once a person has seen it, though the alarm still stands", async () => {
    assert.equal(await site.acknowledge(`device-lost/${FIRST}`), "accepted");
    await sounds("the siren is silent", false);
    assert.ok((await site.open()).includes(`device-lost/${FIRST}`));
  });
  it("sounds again for the next alarm, and goes silent by itself with the controller dead", async () => {
    await site.pull(NEXT);
    await sounds("the siren sounds again", true);
    site.killController();
    assert.equal(await site.sounds(), true, "it hangs on its lease, not on a process");
    await sounds("the board lets it go", false, (LEASE_S * 1_000) / 3 + 10_000);
  });
});
