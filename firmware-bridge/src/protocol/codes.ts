// The limits of the protocol, its kinds of numbers, and the words that travel as one byte. Part of the table in
// messages.ts: both sides must agree on every line, so the schema's hash covers it.

export const PROTOCOL_VERSION = 2;
export const PAYLOAD_BYTES_MAX = 48;
export const CHANNELS = 4;
/** Longest lease a box accepts: 15 min. */
export const LEASE_MAX_MS = 900_000;
/** Events that a box keeps: the newest, in RAM. */
export const LOG_ENTRIES = 48;
/** Boxes on one line are told apart by their address, 1 … 16; one alone on its line is the first. */
export const FIRST_ADDRESS = 1;
export const ADDRESS_MAX = 16;
/** A channel without interlock partner, and an event of the box itself. */
export const NO_CHANNEL = 255;

/** The bytes of each kind of whole number. */
export const NUMBERS = { u8: 1, u16: 2, u32: 4, i32: 4 } as const;

/** Words that travel as one byte: their place in the list. New words go to the end. */
export const CODES = {
  output: ["off", "on"],
  level: ["active_high", "active_low"],
  role: ["unused", "load", "machine"],
  silence: ["off", "on", "hold_until_idle", "run_on"],
  duty: ["load_box", "feeder_box"],
  source: ["unknown", "grid", "inverter", "generator"],
  reset: ["power_on", "external", "brown_out", "watchdog"],
  machine: ["off", "standby", "idle", "running", "overload"],
  result: [
    "done",
    "waiting",
    "wrong_session",
    "old_sequence",
    "wrong_length",
    "wrong_value",
    "wrong_ttl",
    "unused_channel",
    "channel_on",
    "estop_latched",
    "shed",
    "interlock",
    "unknown_message",
    "no_such_entry",
  ],
  cause: [
    "rest",
    "lease",
    "boot",
    "min_on",
    "min_off",
    "interlock",
    "silence",
    "run_on",
    "finishing",
    "shed",
    "dead_bus",
    "estop",
    "recovering",
  ],
  event: [
    "started",
    "output_on",
    "output_off",
    "lease_ended",
    "host_silent",
    "estop_latched",
    "estop_cleared",
    "shed_overload",
    "shed_sag",
    "shed_frequency",
    "shed_line",
    "shed_over",
    "bus_dead",
    "bus_back",
    "measurement_lost",
    "measurement_back",
    "machine_overload",
  ],
} as const;

export type NumberKind = keyof typeof NUMBERS;
export type CodeKind = keyof typeof CODES;
export type FieldKind = NumberKind | CodeKind;

export const isCode = (kind: FieldKind): kind is CodeKind => kind in CODES;
export const bytesOf = (kind: FieldKind): number => (isCode(kind) ? 1 : NUMBERS[kind]);
