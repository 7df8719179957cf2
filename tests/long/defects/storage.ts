// Defects of what is kept: syncs that are missing, things that are called done before they are, chains that do not hold.
import type { Defect } from "../planting/defect.ts";

const POWER = { row: "power-loss", proof: "tests/faults/power-loss.test.ts" } as const;
const JOURNAL = "controller/runtime/journal/writer.test.ts";
const UPDATE = { row: "update-killed", proof: "controller/runtime/update/course.test.ts" } as const;

export const DEFECTS: readonly Defect[] = [
  {
    defect: "lines of ledger and audit are not synced",
    file: "controller/runtime/data-folder/chained-lines.ts",
    was: "await file.writeFile(text);\n    await file.sync();",
    is: "await file.writeFile(text);",
    ...POWER,
  },
  {
    defect: "a new folder's name is not synced",
    file: "controller/runtime/data-folder/made-folder.ts",
    was: "await syncPath(dirname(at));",
    is: "continue;",
    ...POWER,
  },
  {
    defect: "the file of accounts is renamed before it is synced",
    file: "controller/runtime/secrets/secret-file.ts",
    was: "await file.sync();",
    is: "",
    ...POWER,
  },
  {
    defect: "a block of the journal counts as written before it is synced",
    file: "controller/runtime/journal/writer.ts",
    was: "this.#disk.sync();",
    is: "",
    row: "power-loss",
    proof: JOURNAL,
  },
  {
    defect: "the checksum of a block is not looked at",
    file: "controller/runtime/journal/format.ts",
    was: "if (crc32(payload, crc32(bytes.subarray(at, at + 24))) !== bytes.readUInt32LE(at + 24)) return undefined;",
    is: "",
    row: "power-loss",
    proof: JOURNAL,
  },
  {
    defect: "the journal says that it wrote before its thread has",
    file: "controller/runtime/journal/threaded-journal.ts",
    was: 'this.#order({ kind: "write", id });',
    is: 'this.#waiting.get(id)?.resolve();\n    this.#order({ kind: "write", id });',
    row: "kill-journal",
    proof: "tests/faults/journal-kill.test.ts",
  },
  {
    defect: "nobody is told that the card refuses",
    file: "controller/runtime/loop/troubles.ts",
    was: "if (card !== null) found.push",
    is: "if (card === undefined) found.push",
    row: "disk-full",
    proof: "tests/faults/card.test.ts",
  },
  {
    defect: "the reader's place moves before the database has what it was sent",
    file: "controller/runtime/recorder/influx/drain.ts",
    was: '    const outcome = await sender.send(lines);\n    if (outcome !== "delivered") return outcome;\n    await taken({ from: first',
    is: '    await sender.commit({ ...newest.next, until: newest.until });\n    const outcome = await sender.send(lines);\n    if (outcome !== "delivered") return outcome;\n    await taken({ from: first',
    row: "influx-away",
    proof: "tests/influx/kills.test.ts",
  },
  {
    defect: "a release gets its name before its files are synced",
    file: "controller/runtime/update/installed.ts",
    was: "if (last) root.sync(",
    is: "if (last && bytes === undefined) root.sync(",
    ...UPDATE,
  },
  {
    defect: "an update is taken back link first, and data after it",
    file: "controller/runtime/update/course.ts",
    was: "await site.migrate(to, format);\n      switchTo(root, from);",
    is: "switchTo(root, from);\n      await site.migrate(to, format);",
    ...UPDATE,
  },
  {
    defect: "a line of the audit does not cover the one before it",
    file: "controller/runtime/people/audit.ts",
    was: "Object.entries(about), prev]",
    is: "Object.entries(about)]",
    row: "R10",
    proof: "controller/runtime/people/audit.test.ts",
  },
  {
    defect: "the history's place in the journal is kept before its values are",
    file: "controller/runtime/recorder/history/store.ts",
    was: 'this.#db.exec("BEGIN IMMEDIATE");',
    is: 'this.#db.prepare("INSERT OR REPLACE INTO place VALUES (1, ?, ?, ?)").run(segment, offset, until);\n    this.#db.exec("BEGIN IMMEDIATE");',
    row: "power-loss",
    proof: "tests/faults/history-power-loss.test.ts",
  },
];
