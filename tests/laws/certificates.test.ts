import assert from "node:assert/strict";
import { test } from "node:test";
import { figure } from "../tools/figure.ts";
import { programs, uncheckedCertificates } from "./certificates.ts";
import { readTree } from "./source.ts";

test("no source believes any certificate", () => {
  const tree = readTree();
  const unchecked = uncheckedCertificates(tree);
  assert.deepEqual(unchecked, []);
  figure("R5", { files: programs(tree).length, unchecked: unchecked.length });
});

test("one that does is found", () => {
  const lines = [
    "const agent = new Agent({ rejectUnauthorized: false });",
    "const agent = new Agent({ rejectUnauthorized: isStrict });",
    'process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";',
    "connect({ checkServerIdentity: () => undefined });",
    "curl -sk https://192.0.2.7/",
    "influx -ssl -unsafeSsl -execute 'SHOW USERS'",
  ];
  for (const text of lines)
    assert.equal(uncheckedCertificates([{ path: "controller/runtime/a.ts", text }]).length, 1, text);
  const strict = { path: "controller/runtime/a.ts", text: "new Agent({ rejectUnauthorized: true });" };
  assert.deepEqual(uncheckedCertificates([strict]), []);
});
