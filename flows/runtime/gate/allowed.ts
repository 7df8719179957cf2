// Node types that a flow may use. What is not here reaches files, programs or the network by itself, and so past the
// controller that must be asked: exec, file, watch, tcp, udp, http, websocket, and sending by MQTT. Node-RED does not even
// load those (EXCLUDED); the list judges what comes in by import.

const LISTEN = ["reading", "state", "surplus", "decision", "alarm", "forecast", "job"];
const OWN = ["site", ...LISTEN, "request", "limit", "battery", "constraint", "ask-job", "note"].map(
  (name) => `gridwright-${name}`,
);
const PLACES = ["tab", "subflow", "group", "junction", "comment", "global-config"];
const COMMON = ["inject", "debug", "complete", "catch", "status", "link in", "link out", "link call"];
const SHAPING = ["function", "switch", "change", "range", "template", "delay", "trigger", "rbe"];
const SEQUENCES = ["split", "join", "sort", "batch"];
const PARSERS = ["csv", "html", "json", "xml", "yaml"];
/** Listening only. */
const LISTENING = ["mqtt in", "mqtt-broker"];

export const ALLOWED: ReadonlySet<string> = new Set([
  ...OWN,
  ...PLACES,
  ...COMMON,
  ...SHAPING,
  ...SEQUENCES,
  ...PARSERS,
  ...LISTENING,
]);

/** Files of Node-RED's own nodes that are not loaded. */
export const EXCLUDED: readonly string[] = [
  "90-exec.js",
  "10-file.js",
  "23-watch.js",
  "21-httpin.js",
  "21-httprequest.js",
  "22-websocket.js",
  "31-tcpin.js",
  "32-udp.js",
];
