// Every route of the served description, asked with what its own schema allows, what it nearly allows, and what it forbids: no
// answer is a failure inside, what the schema forbids is a 400 that says so, and whatever is refused has changed nothing of
// accounts, queue, held machines or agreements, nor asked control for anything. So for a foreign Origin, used-up secrets
// and paths that climb.
import assert from "node:assert/strict";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { figure } from "../../../tests/tools/figure.ts";
import { makeToken, withdrawToken } from "../people/changes.ts";
import { joined, testDesk } from "../people/desk-fixture.ts";
import { invite, isRefusal } from "../people/people.ts";
import { makeReset } from "../people/sessions.ts";
import { testClock } from "./garden-fixture.ts";
import { startYard, type Yard } from "./yard-web-fixture.ts";

const SEED = 20_771;
const RUNS = 5;
const { desk, deeds } = testDesk(testClock(), ["ash", "elm"]);
let yard: Yard;
const cookies = { admin: "", member: "" };

before(async () => {
  cookies.admin = `gridwright-session=${await joined(desk, "admin")}`;
  cookies.member = `gridwright-session=${await joined(desk, "member", "ash")}`;
  yard = await startYard({ training: "90 d", maintenance: [{ name: "coils", hours: "3 h" }] }, desk);
  await send({ method: "POST", path: "/api/v1/jobs", body: '{"machine":"planer","minutes":40}' });
});
after(() => yard.close());

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
let calls = 0;
/** Raw, as no browser would: the path goes out as it is. Each call from an address of its own, so that no limit of posts answers. */
async function send({ method, path, body, headers = {} }: Sent) {
  calls += 1;
  const answer = await new Promise<IncomingMessage>((done, failed) => {
    const asking = httpRequest(yard.url, {
      ...{ method, path, agent: false, localAddress: `127.0.${1 + (calls >> 7)}.${1 + (calls % 128)}` },
      headers: {
        cookie: cookies.admin,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
    });
    asking.once("response", done);
    asking.once("error", failed);
    asking.end(body);
  });
  const type = answer.headers["content-type"] ?? "";
  let text = "";
  if (type.includes("event-stream")) answer.destroy();
  else for await (const part of answer.setEncoding("utf8")) text += part;
  return { status: answer.statusCode ?? 0, type, text };
}

/** As much of JSON schema as the description uses. */
interface Schema {
  readonly type?: "string" | "number" | "integer" | "boolean" | "object" | "array" | "null";
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}
type Values = fc.Arbitrary<unknown>;

/** What really is there, beside what only could be. */
const KNOWN = ["kiln", "planer", "press", "ash", "elm", "job-1", "coils", "battery", "feast"];
/** Not of the admin who asks, who would be gone. */
const knownIds = () => [
  ...KNOWN,
  ...desk.kept
    .now()
    .accounts.slice(1)
    .map(({ id }) => id),
];

function strings({ pattern, minLength = 0, maxLength = 40 }: Schema): Values {
  const fits = (text: string): boolean =>
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern, "u").test(text));
  const free = fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 30) });
  const shaped =
    pattern === undefined || pattern.includes("\\p") ? free : fc.stringMatching(new RegExp(pattern));
  const known = knownIds().filter(fits);
  const some = shaped.filter(fits);
  return known.length === 0
    ? some
    : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 2, arbitrary: some });
}

/** What the schema allows. */
function valid(schema: Schema): Values {
  const options = schema.oneOf ?? schema.anyOf;
  if (options !== undefined) return fc.oneof(...options.map(valid));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const { minimum: min = -1e9, maximum: max = 1e9, minItems: minLength = 0, maxItems = 4 } = schema;
  switch (schema.type) {
    case "string":
      return strings(schema);
    case "integer":
      return fc.integer({ min: Math.max(min, -2e9), max: Math.min(max, 2e9) });
    case "number":
      return fc.double({ min, max, noNaN: true });
    case "array":
      return fc.array(valid(schema.items ?? {}), { minLength, maxLength: Math.min(maxItems, minLength + 2) });
    case "object":
      return objects(schema);
    case "null":
      return fc.constant(null);
    default:
      return fc.boolean();
  }
}

function objects({ properties, required = [], additionalProperties, propertyNames = {} }: Schema): Values {
  if (properties === undefined)
    return typeof additionalProperties === "object"
      ? fc.dictionary(strings(propertyNames) as fc.Arbitrary<string>, valid(additionalProperties), {
          maxKeys: 3,
        })
      : fc.constant({});
  const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valid(one)]));
  return fc.record(fields, { requiredKeys: [...required] });
}

/** A value of the schema's type that breaks one of its bounds, or of another type. */
function breaking(schema: Schema): Values {
  const { type, minimum, maximum, maxLength, minLength = 0, maxItems } = schema;
  const odd: Values[] = [fc.constantFrom<unknown>({ deep: [[[null]]] }, [[]])];
  if (type !== "string" && type !== "boolean" && type !== undefined)
    odd.push(fc.constantFrom("", "NaN", "7", "__proto__"));
  if (type === "string") odd.push(fc.constantFrom<unknown>(17, true, null));
  if (maxLength !== undefined) odd.push(fc.constant("x".repeat(maxLength + 1)));
  if (minLength > 0) odd.push(fc.constant(""));
  if (maximum !== undefined) odd.push(fc.constant(maximum * 2 + 3));
  if (minimum !== undefined) odd.push(fc.constant(minimum - 1));
  if (type === "integer") odd.push(fc.constant((minimum ?? 0) + 0.5));
  if (maxItems !== undefined) odd.push(fc.constant(new Array(maxItems + 1).fill({})));
  if (schema.enum !== undefined) odd.push(fc.constant(`${schema.enum[0]}x`));
  return fc.oneof(...odd);
}

/** An object that the schema allows but for one thing. */
function nearly(schema: Schema): Values {
  const [first] = schema.oneOf ?? [];
  if (first !== undefined) return nearly(first);
  const { properties = {}, required = [] } = schema;
  const names = Object.keys(properties);
  const whole = valid(schema) as fc.Arbitrary<object>;
  const without = required.map((name) => whole.map((one) => ({ ...one, [name]: undefined })));
  const changed = names.map((name) =>
    fc.tuple(whole, breaking(properties[name] ?? {})).map(([one, odd]) => ({ ...one, [name]: odd })),
  );
  const more = whole.map((one) => ({ ...one, unheardOf: 3 }));
  return fc.oneof(more, ...without, ...changed);
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly body: Schema | undefined;
  readonly query: readonly { readonly name: string; readonly schema: Schema; readonly required?: boolean }[];
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: Schema } } };
}

async function routes(): Promise<Route[]> {
  const { text } = await send({ method: "GET", path: "/api/v1/openapi.json" });
  const paths = JSON.parse(text).paths as Record<string, Record<string, Operation>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      ...{ method: method.toUpperCase(), path, body: requestBody?.content["application/json"].schema },
      query: parameters.filter((one) => one.in === "query"),
    })),
  );
}
/** End the very session that asks. */
const ENDS = /^DELETE \/api\/v1\/(session|sessions|me)$/;
const askable = async () => (await routes()).filter(({ method, path }) => !ENDS.test(`${method} ${path}`));

const ids = (): Values => strings({ type: "string", pattern: "^[a-z0-9][a-z0-9-]{0,62}$" });
const urls = ({ path, query }: Route): fc.Arbitrary<string> =>
  fc.tuple(ids(), fc.tuple(...query.map(({ schema }) => valid(schema)))).map(([id, values]) => {
    const asked = query.map(({ name }, at) => `${name}=${encodeURIComponent(String(values[at]))}`);
    return `${path.replace(/\{\w+\}/, String(id))}${asked.length > 0 ? `?${asked.join("&")}` : ""}`;
  });

const refusedAt = (status: number): boolean => status >= 400;
async function ask(route: Route, path: string, given: { body?: unknown; headers?: Sent["headers"] }) {
  const { method } = route;
  const body = given.body === undefined ? undefined : JSON.stringify(given.body);
  const was = yard.state();
  const answer = await send({
    method,
    path,
    ...(body !== undefined && { body }),
    ...(given.headers && { headers: given.headers }),
  });
  const place = `${method} ${path} ${body ?? ""}: ${answer.status} ${answer.text}`;
  assert.ok(answer.status < 500 || answer.status === 503 || answer.status === 504, place);
  if (refusedAt(answer.status)) {
    assert.match(answer.type, /problem\+json/, place);
    assert.doesNotMatch(answer.text, /\.ts:|node_modules|at \w+ \(/, place);
    assert.equal(yard.state(), was, `${place}: refused, and yet something changed`);
  }
  return { ...answer, place };
}
const runs = { numRuns: RUNS, seed: SEED };

test("schemas: what the description allows is taken, or refused plainly without a change", async () => {
  for (const route of await askable())
    await fc.assert(
      fc.asyncProperty(
        urls(route),
        route.body === undefined ? fc.constant(undefined) : valid(route.body),
        (path, body) => ask(route, path, { body }).then(() => undefined),
      ),
      runs,
    );
});

test("schemas: a body that breaks the description in one place is a 400 that names it", async () => {
  let bent = 0;
  for (const route of await askable())
    if (route.body !== undefined)
      await fc.assert(
        fc.asyncProperty(urls(route), nearly(route.body), async (path, body) => {
          const { status, place } = await ask(route, path, { body });
          assert.equal(status, 400, place);
          bent += 1;
        }),
        runs,
      );
  figure("R14", { bent });
});

test("schemas: a parameter that breaks the description is a 400", async () => {
  for (const route of await askable())
    for (const { name, schema } of route.query)
      if (schema.pattern !== undefined || schema.enum !== undefined)
        assert.equal(
          (await ask(route, `${route.path}?${name}=%00-%C3%B1`, {})).status,
          400,
          `${route.path} ${name}`,
        );
});

const FOREIGN: readonly Readonly<Record<string, string>>[] = [
  { origin: "https://elsewhere.example" },
  { origin: "null" },
  { "sec-fetch-site": "cross-site" },
];
test("schemas: whatever the route, a change from a foreign page is refused, and audited with whose page it was", async () => {
  let foreign = 0;
  for (const route of await routes()) {
    if (route.method === "GET") continue;
    const [body] =
      route.body === undefined ? [undefined] : fc.sample(valid(route.body), { numRuns: 1, seed: SEED });
    for (const headers of FOREIGN) {
      const noted = deeds.length;
      const path = route.path.replace(/\{\w+\}/, "job-1");
      assert.equal((await ask(route, path, { body, headers })).status, 403, `${route.method} ${path}`);
      assert.equal(deeds.at(-1)?.did, "refused");
      assert.equal(deeds.length, noted + 1);
      foreign += 1;
    }
  }
  figure("R9", { foreign });
});

/** Secrets that worked, each with how it is used once more. */
const used: readonly [sentence: string, ready: () => Promise<Sent>, status: number][] = [
  [
    "an invitation",
    async () => {
      const made = await invite(desk, "person-1", { role: "viewer", screen: true });
      assert.ok(!isRefusal(made));
      return {
        method: "POST",
        path: "/api/v1/join",
        body: JSON.stringify({ as: "screen", invite: made.secret }),
      };
    },
    404,
  ],
  [
    "a link for a new password",
    async () => {
      await joined(desk, "technician", "elm");
      const whose = desk.kept.now().accounts.at(-1)?.id ?? "";
      const made = await makeReset(desk, { by: "person-1", id: whose });
      assert.ok(!isRefusal(made));
      const body = JSON.stringify({ reset: made.secret, password: "seven dry years" });
      return { method: "POST", path: "/api/v1/reset", body };
    },
    404,
  ],
  [
    "a session that was signed out",
    async () => ({
      ...{ method: "DELETE", path: "/api/v1/session" },
      headers: { cookie: `gridwright-session=${await joined(desk, "viewer", "elm")}` },
    }),
    401,
  ],
];
for (const [sentence, ready, status] of used)
  test(`schemas: ${sentence} that was used is void, and used again changes nothing`, async () => {
    const sent = await ready();
    assert.ok((await send(sent)).status < 300);
    const was = yard.state();
    const again = await send(sent);
    assert.equal(again.status, status, again.text);
    assert.equal(yard.state(), was);
  });

test("schemas: a token that was withdrawn, or whose time is over, is nobody", async () => {
  const owner = desk.kept.now().accounts[0]?.id ?? "";
  const made = await makeToken(desk, owner, { name: "lamp", scopes: ["read"], days: 2 });
  assert.ok(!isRefusal(made));
  const headers = { cookie: "", authorization: `Bearer ${made.secret}` };
  const read = () => send({ method: "GET", path: "/api/v1/state", headers });
  assert.equal((await read()).status, 200);
  await withdrawToken(desk, { by: owner, id: made.id });
  assert.equal((await read()).status, 401);
});

const climbs = [
  "/../secrets/accounts.json",
  "/assets/../../../../etc/passwd",
  "/%2e%2e/%2e%2e/secrets/accounts.json",
  "/..%2f..%2fpackage.json",
  "/assets/..%5c..%5cpackage.json",
  "/%c0%ae%c0%ae/package.json",
  "//elsewhere.example/package.json",
  "/index.html%00.png",
  "/api/v1/../../secrets/accounts.json",
  "/api/v1/jobs/..%2f..%2faccounts",
];
for (const path of climbs)
  test(`schemas: the raw path ${path} leads nowhere`, async () => {
    for (const method of ["GET", "DELETE"]) {
      const { status, text } = await send({ method, path });
      assert.ok([400, 403, 404].includes(status), `${method}: ${status}`);
      assert.doesNotMatch(text, /root:|"workspaces"|"accounts"/);
    }
  });
