// Defects of brain and field: invariants, clocks, frames, and what becomes of a bug.
import type { Defect } from "../planting/defect.ts";

export const DEFECTS: readonly Defect[] = [
  {
    defect: "nothing protects the inverter from more than it bears",
    file: "controller/core/rules/order.ts",
    was: "  overload, // the inverter,\n",
    is: "",
    row: "simulated-days",
    proof: "tests/scenario/simulated-days.test.ts",
  },
  {
    defect: "the invariant on how often a contact closes sees nothing",
    file: "controller/twin/simulate/checks/plant-checks.ts",
    was: "if (closings.length > most) found",
    is: "if (closings.length > most * 100) found",
    row: "planted-bugs",
    proof: "tests/scenario/planted-bugs.test.ts",
  },
  {
    defect: "a command's lease goes by the wall clock",
    file: "controller/core/leases.ts",
    was: "export function reconcile(input: ReconcileInput): Reconciled {\n",
    is: "export function reconcile(given: ReconcileInput): Reconciled {\n  const input = { ...given, now: given.state.wall as unknown as Mono };\n",
    row: "clock-jumps",
    proof: "tests/faults/clock-jumps.test.ts",
  },
  {
    defect: "the checksum of a Modbus frame is not looked at",
    file: "controller/protocols/modbus/frame.ts",
    was: "if (crc16(head.subarray(0, length - 2)) !== crc) return undefined;",
    is: "if (crc < 0) return undefined;",
    row: "malformed-modbus",
    proof: "tests/links/mutations.test.ts",
  },
  {
    defect: "an answer with another number of registers is believed",
    file: "controller/runtime/modbus/pdu-codec.ts",
    was: "response[0] === code && response.length === length && response[1] === length - 2,",
    is: "response[0] === code,",
    row: "malformed-modbus",
    proof: "tests/links/mutations.test.ts",
  },
  {
    defect: "the guard of MQTT packets throws where a length is none",
    file: "controller/runtime/broker/packet-guard.ts",
    was: "if (byte >= 0x80) return lengthBytes < LENGTH_BYTES_MAX;",
    is: 'if (byte >= 0x80 && lengthBytes === LENGTH_BYTES_MAX) throw new Error("no length");\n    if (byte >= 0x80) return true;',
    row: "malformed-mqtt",
    proof: "tests/broker/mutations.test.ts",
  },
  {
    defect: "an exception that nobody caught is passed over",
    file: "controller/cli/processes/host.ts",
    was: 'process.on("uncaughtException", (error) => void fail(error));',
    is: 'process.on("uncaughtException", (error) => log.warn("passed over", { error: String(error) }));',
    row: "R18",
    proof: "tests/faults/uncaught.test.ts",
  },
  {
    defect: "a Modbus TCP answer that comes in pieces is not put together",
    file: "controller/protocols/modbus/frame.ts",
    was: "rest = join(rest, chunk);\n    const frames: MbapFrame[] = [];",
    is: "rest = chunk;\n    const frames: MbapFrame[] = [];",
    row: "network-toxics",
    proof: "tests/links/toxics.test.ts",
  },
];
