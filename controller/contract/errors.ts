// One error class and one catalogue. The code is API: log field, metric label, anchor in docs/errors.md.
// A message says what was wrong, where (file, key, device), and what to do.

export const ERRORS = {
  "site-unreadable": "The site file cannot be read.",
  "site-invalid": "The site file has mistakes; each is listed with line, path and what is allowed.",
  "profile-invalid": "A device profile has mistakes.",
  "case-invalid":
    "A planning case cannot be read or has mistakes; each is listed with its path and what is allowed.",
  "data-folder-locked": "Another controller uses this data folder.",
  "data-folder-unusable": "The data folder cannot be written.",
  "port-in-use": "A port that this process must listen on is taken.",
  "link-down": "The connection to a device or bus is not there.",
  "request-timeout": "A device did not answer in time.",
  "reply-malformed": "A device answered something that does not belong to the request.",
  "modbus-exception": "A device refused a request.",
  "write-budget-spent": "A register that wears out was written as often as its profile allows in a day.",
  "command-refused": "A device refused a command, and said why.",
  "write-not-verified": "A device accepted a command but its state did not follow.",
  "broker-unreachable": "The MQTT broker does not answer.",
  "journal-corrupt": "A part of the journal cannot be read.",
  "journal-write-failed": "The journal cannot be written.",
  "queue-full": "A queue reached its limit; something was refused.",
  "influx-refused": "The metrics database refused data.",
  "influx-unreachable": "The metrics database does not answer.",
  "request-invalid": "A request was not understood.",
  "backup-failed": "No backup was made; the message says what was in the way.",
  "backup-damaged": "A backup is torn, was changed, or is none.",
  "backup-passphrase-wrong": "A backup was made with another passphrase.",
  "data-format": "The data folder is of a form that this program does not know.",
  "update-refused": "An update is not signed by the installed key, is damaged, or does not fit this site.",
  "calibration-refused": "A box was not calibrated; the message says what was in the way.",
  "update-failed": "An update could not be carried out.",
  usage: "The command line was not understood.",
  internal: "A bug: an invariant of the program did not hold.",
} as const;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorPlace {
  readonly file?: string;
  readonly line?: number;
  readonly path?: string;
  readonly device?: string;
}

export class GridwrightError extends Error {
  override readonly name = "GridwrightError";
  readonly code: ErrorCode;
  readonly place: ErrorPlace;
  constructor(code: ErrorCode, message: string, options: { place?: ErrorPlace; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.place = options.place ?? {};
  }
}

/** What was thrown, in words; anything may be. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
