// The services' recorder in a process of its own, so that a test can kill it. Arguments: journal folder, data folder,
// address of the database.
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";
import { startRecorder } from "@gridwright/runtime/recorder/recorder.ts";
import { hasty, silent } from "./garden-journal.ts";

const [, , journalDir = "", dataDir = "", url = ""] = process.argv;
const recorder = await startRecorder({
  journalDir,
  dataDir,
  model: gardenModel(),
  influx: [{ url, database: "garden" }],
  io: hasty(20),
  log: silent,
});
process.on("SIGTERM", () => {
  recorder.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
process.on("message", () => {
  recorder.history.counts().then(
    (counts) => process.send?.({ counts, status: recorder.status() }),
    () => process.send?.({ counts: {}, status: recorder.status() }),
  );
});
