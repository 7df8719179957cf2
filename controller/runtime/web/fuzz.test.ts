// Every route of the description, asked with what it does not expect, by an admin and by nobody: each answer is a plain
// refusal or a plain success, never a failure inside, and what was refused has changed nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { joined, testDesk } from "../people/desk-fixture.ts";
import { testClock } from "./garden-fixture.ts";
import { type Garden, startGarden } from "./garden-web-fixture.ts";

const io = testClock();
const { desk } = testDesk(io, ["anna"]);
const SEED = 7_331;
/** Below the limit of posts per address, so that the schema answers and not the limit. */
const RUNS = 7;
let garden: Garden;
let cookie = "";

before(async () => {
  garden = await startGarden({ io, desk, demo: false });
  cookie = `gridwright-session=${await joined(desk, "admin")}`;
});
after(() => garden.close());

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: object;
}
interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

async function routes(): Promise<Route[]> {
  const { paths } = JSON.parse(await (await garden.get("/api/v1/openapi.json")).text());
  return Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
}

const odd = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "",
    "../../etc/passwd",
    "%00",
    "-1",
    "1e309",
    "__proto__",
    "null",
    "'; drop",
    "9".repeat(15),
  ),
  fc.integer().map(String),
);
/** Values that fit nothing, and some that nearly do. */
const oddBody = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.record({ kind: odd, asset: odd, why: odd, on: fc.jsonValue({ maxDepth: 1 }) }),
  fc.record({ as: fc.constantFrom("person", "screen"), invite: odd, login: odd, name: odd, password: odd }),
  fc.record({ role: fc.constantFrom("admin", "king"), member: odd, screen: fc.jsonValue({ maxDepth: 1 }) }),
);

const asked = fc.record({
  values: fc.array(odd, { minLength: 6, maxLength: 6 }),
  extra: fc.boolean(),
  body: oddBody,
  known: fc.boolean(),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

async function ask({ method, path, operation }: Route, { values, extra, body, known }: Asked) {
  const next = () => encodeURIComponent(values.pop() ?? "x");
  const query = (operation.parameters ?? [])
    .filter((one) => one.in === "query")
    .map(({ name }) => `${name}=${next()}`);
  const url = `${path.replace(/\{\w+\}/g, next)}?${[...query, ...(extra ? ["unheard=of"] : [])].join("&")}`;
  const stop = new AbortController();
  const answer = await garden.get(url, {
    method: method.toUpperCase(),
    signal: stop.signal,
    headers: {
      ...(known && { cookie }),
      ...(operation.requestBody !== undefined && { "content-type": "application/json" }),
    },
    ...(operation.requestBody !== undefined && { body: JSON.stringify(body) }),
  });
  const { status, headers } = answer;
  const streams = headers.get("content-type")?.includes("event-stream") === true;
  const text = streams ? "" : await answer.text();
  stop.abort();
  return { status, type: headers.get("content-type") ?? "", text };
}

/** End the very session that asks. */
const ENDS: ReadonlySet<string> = new Set(["/api/v1/session", "/api/v1/sessions", "/api/v1/me"]);

test("fuzz: whatever is asked of whatever route is answered plainly", async () => {
  const all = await routes();
  assert.ok(all.length > 20);
  for (const route of all.filter(({ method, path }) => !(method === "delete" && ENDS.has(path))))
    await fc.assert(
      fc.asyncProperty(asked, async (given) => {
        const before = JSON.stringify(desk.kept.now());
        const { status, type, text } = await ask(route, { ...given, values: [...given.values] });
        const place = `${route.method} ${route.path}: ${status} ${text}`;
        assert.ok(status < 500, place);
        if (status < 400) return;
        assert.match(type, /problem\+json/, place);
        assert.doesNotMatch(text, /\.ts:|node_modules|at \w+ \(/, place);
        assert.equal(JSON.stringify(desk.kept.now()), before, `${place}: refused, and yet something changed`);
      }),
      { numRuns: RUNS, seed: SEED },
    );
});

const bodies: [string, string, string, number][] = [
  ["larger than a megabyte", "/api/v1/tokens", JSON.stringify({ name: "x".repeat(1_100_000) }), 413],
  ["deeper than anybody needs", "/api/v1/tokens", `${"[".repeat(90_000)}${"]".repeat(90_000)}`, 400],
  ["with a key that reaches into objects", "/api/v1/tokens", '{"__proto__":{"role":"admin"}}', 400],
];
for (const [sentence, path, body, status] of bodies)
  test(`fuzz: a body ${sentence} is refused`, async () => {
    const headers = { cookie, "content-type": "application/json" };
    assert.equal((await garden.get(path, { method: "POST", headers, body })).status, status);
  });

const tricks = [
  "/../secrets/accounts.json",
  "/%2e%2e/secrets/accounts.json",
  "/..%2fpackage.json",
  "/assets/..%5c..%5cx",
];
for (const path of tricks)
  test(`fuzz: the path ${path} leads nowhere`, async () => {
    assert.ok([400, 403, 404].includes((await garden.get(path)).status));
  });
