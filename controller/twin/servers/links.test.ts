import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import {
  createMbapReader,
  createRtuReader,
  encodeMbap,
  encodeRtu,
  responseLength,
} from "@gridwright/protocols/modbus/frame.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { step } from "../plant/plant.ts";
import { quantity } from "../plant/quantity.ts";
import { quietLog, village, villageDay } from "../testing/village.ts";
import { startTwin, type Twin } from "./twin.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const ANSWER_MAX_MS = 1_000;
const CONNECT_MAX_MS = 3_000;

/** One request on its own connection; undefined when no answer came. */
type Place = { readonly host: string; readonly port: number } | undefined;
async function ask(place: Place, ...[unit, request, rtu = false]: [number, string, boolean?]) {
  assert.ok(place !== undefined);
  const socket: Socket = connect(place);
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
  socket.on("close", () => resolve("closed"));
  const mbap = createMbapReader();
  const line = createRtuReader(responseLength);
  socket.on("data", (chunk) => {
    const frame = rtu ? line.read(chunk)[0] : mbap(chunk).frames[0];
    if (frame !== undefined && frame.unit === unit) resolve(Buffer.from(frame.pdu).toString("hex"));
  });
  const pdu = hex(request);
  socket.on("connect", () => {
    socket.write(rtu ? encodeRtu({ unit, pdu }) : encodeMbap({ transaction: 77, unit, pdu }));
    setTimeout(() => resolve(undefined), ANSWER_MAX_MS);
  });
  setTimeout(() => resolve(undefined), CONNECT_MAX_MS).unref();
  const answer = await promise;
  socket.destroy();
  return answer;
}

const untilAborted = (_: unknown, signal?: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

/** A twin whose time stands still unless the test moves it. */
const twinAt = (): Promise<Twin> =>
  startTwin({
    model: village(),
    scenario: villageDay(),
    seed: 20,
    start: epoch(Date.parse("2026-05-21T10:00:00Z")),
    speed: 1,
    pace: { host: "127.0.0.1", port: 0 },
    credentials: () => ({ username: "nobody", password: "none" }),
    ports: "any",
    log: quietLog,
    io: { ...hostClock(), sleep: untilAborted },
  });

describe("the twin's Modbus devices", () => {
  let twin: Twin;
  before(async () => {
    twin = await twinAt();
    step(twin.world(), 100_000);
  });
  after(() => twin.close());
  const on = (link: string) => twin.addresses[link];
  const supply = (asset: string) => quantity(twin.world(), asset, "switch");
  const settle = () => step(twin.world(), 400);

  test("the meter of a line answers floats over RTU", async () => {
    const answer = await ask(on("main-line"), 1, "04 0000 0002", true);
    const volts = Buffer.from(answer?.slice(4) ?? "", "hex").readFloatBE();
    assert.ok(Math.abs(volts - Number(quantity(twin.world(), "village", "voltage_l1"))) < 0.01);
  });
  test("the GX answers integers over TCP, each of its units its own", async () => {
    const volts = await ask(on("gx"), 227, "03 000f 0001");
    assert.match(volts ?? "", /^030208[ef]/);
    assert.match((await ask(on("gx"), 225, "03 010a 0001")) ?? "", /^030203/);
  });
  test("a SunSpec inverter carries its mark and its models", async () => {
    assert.equal(await ask(on("roof-east"), 1, "03 9c40 0004"), "030853756e5300010042");
    assert.equal(await ask(on("roof-east"), 1, "03 9c86 0002"), "030400670032");
  });
  test("a unit that is not there: the gateway's exception on TCP, silence on a line", async () => {
    assert.equal(await ask(on("gx"), 12, "03 000f 0001"), "830b");
    assert.equal(await ask(on("house-line"), 44, "04 0000 0002", true), undefined);
  });
  test("a hole between known registers reads 0, so that a block may span it", async () =>
    assert.match((await ask(on("gx"), 227, "03 0019 0007")) ?? "", /^030e[0-9a-f]{4}(0000){5}000[39]/));
  test("a register that is not there is an illegal address", async () =>
    assert.equal(await ask(on("gx"), 227, "03 1388 0002"), "8302"));

  test("a coil is written, read back, and moves its load", async () => {
    assert.equal(await ask(on("relays-village"), 1, "05 0009 ff00"), "050009ff00");
    settle();
    assert.equal(await ask(on("relays-village"), 1, "01 0000 0010"), "01020002");
    assert.equal(supply("cold-store"), false);
    await ask(on("relays-village"), 1, "05 0009 0000");
    settle();
    assert.equal(supply("cold-store"), true);
  });
  test("flash on: the heater is on for its time and goes off by itself", async () => {
    assert.equal(await ask(on("relays-village"), 1, "05 0202 0032"), "0502020032");
    settle();
    assert.equal(supply("house-3-heater"), true);
    step(twin.world(), 5_000);
    assert.equal(supply("house-3-heater"), false);
  });
  test("flash longer than the board can count is refused", async () =>
    assert.equal(await ask(on("relays-village"), 1, "05 0202 9000"), "8503"));
  test("a limit written to model 123 acts, and ends after its reversion time", async () => {
    // 123 starts at 40000 + 2 + 68 + 52 + 28 + 32 + 46 = 40228; WMaxLimPct @5, RvrtTms @7, Ena @9.
    const east = () => twin.world().arrays.find(({ id }) => id === "roof-east");
    await ask(on("roof-east"), 1, "06 9d29 00fa");
    await ask(on("roof-east"), 1, "06 9d2b 0014");
    await ask(on("roof-east"), 1, "06 9d2d 0001");
    step(twin.world(), 4_000);
    assert.equal(east()?.limit, 0.25);
    assert.ok((east()?.powerW ?? 0) < 2_600);
    step(twin.world(), 17_000);
    assert.equal(east()?.limit, 1);
    assert.equal(await ask(on("roof-east"), 1, "03 9d2d 0001"), "03020000");
  });

  test("a dead device is silent, its neighbour on the line answers", async () => {
    twin.fault({ kind: "device-dead", device: "house-3-meter" }, 5_000);
    assert.equal(await ask(on("house-line"), 3, "04 0000 0002", true), undefined);
    assert.match((await ask(on("house-line"), 4, "04 0000 0002", true)) ?? "", /^0404/);
    step(twin.world(), 6_000);
    assert.match((await ask(on("house-line"), 3, "04 0000 0002", true)) ?? "", /^0404/);
  });
  test("a slow device answers late", async () => {
    twin.fault({ kind: "device-slow", device: "pump-meter", delayMs: 2_500 });
    assert.equal(await ask(on("workshop-line"), 1, "04 0000 0002", true), undefined);
    twin.clear({ kind: "device-slow", device: "pump-meter", delayMs: 2_500 });
  });
});

test("a cut link closes its connections, refuses new ones, and is mended", async () => {
  const twin = await startTwin({
    model: village(),
    scenario: villageDay(),
    seed: 20,
    start: epoch(Date.parse("2026-05-21T10:00:00Z")),
    speed: 1,
    pace: { host: "127.0.0.1", port: 0 },
    credentials: () => ({ username: "nobody", password: "none" }),
    ports: "any",
    log: quietLog,
    io: hostClock(),
  });
  const place = twin.addresses.gx;
  assert.ok(place !== undefined);
  const standing = connect(place);
  const { promise, resolve } = Promise.withResolvers<string>();
  standing.on("error", () => undefined);
  standing.on("connect", () => twin.fault({ kind: "link-cut", link: "gx" }));
  standing.on("close", () => resolve("closed"));
  assert.equal(await promise, "closed");
  assert.equal(await ask(place, 227, "03 000f 0001"), "ECONNREFUSED");
  assert.match((await ask(twin.addresses["main-line"], 1, "04 0000 0002", true)) ?? "", /^0404/);
  twin.clear({ kind: "link-cut", link: "gx" });
  const until = Date.now() + 3_000;
  let answer: string | undefined;
  while (answer?.startsWith("0302") !== true && Date.now() < until)
    answer = await ask(place, 227, "03 000f 0001");
  assert.match(answer ?? "", /^0302/);
  await twin.close();
});
