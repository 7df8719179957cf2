// Which processes a command finds, in both forms, and that the older form is never believed.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Startup } from "../processes/startup.ts";
import { noteProcess, noteRun, readRun } from "./run-file.ts";

let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "gridwright-run-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const siteFile = "/etc/gridwright/site.yaml";
const broker = { ready: true, pid: 311, ports: { mqtt: 1884 } } as const;
const control = { ready: true, pid: 312, ports: {} } as const;
const unit = (process: "broker" | "control"): Startup =>
  process === "broker"
    ? { dataDir, siteFile, process, port: 1884 }
    : { dataDir, siteFile, process, brokerPort: 1884 };

test("nothing ever ran", () => assert.equal(readRun(dataDir), undefined));

test("what each unit noted is found together, the later word of each", () => {
  noteProcess(unit("broker"), broker);
  noteProcess(unit("control"), { ...control, pid: 299 });
  noteProcess(unit("control"), control);
  assert.deepEqual(readRun(dataDir), { siteFile, processes: { broker, control } });
});

test("units replace what a supervisor noted, and the other way round", () => {
  noteRun({ dataDir, siteFile: "/srv/site.yaml" }, { broker, control });
  noteProcess(unit("control"), control);
  assert.deepEqual(readRun(dataDir), { siteFile, processes: { control } });
  noteRun({ dataDir, siteFile: "/srv/site.yaml" }, { broker });
  assert.deepEqual(readRun(dataDir), { siteFile: "/srv/site.yaml", processes: { broker } });
});
