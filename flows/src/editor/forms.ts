// What each node's form asks and how it looks in the palette: data, from which the build writes Node-RED's HTML. Names of
// fields are those of the saved flow, so they are API. Words are in ../words.

export interface Field {
  readonly name: string;
  readonly kind:
    | "text"
    | "number"
    | "select"
    | "time"
    | "site"
    | "asset"
    | "load"
    | "limited"
    | "steered"
    | "machine"
    | "point"
    | "secret";
  readonly value?: string;
  readonly required?: true;
  /** Of a `select`. */
  readonly options?: readonly string[];
  readonly min?: number;
  readonly max?: number;
}

export interface Form {
  readonly inputs: 0 | 1;
  readonly outputs: 0 | 1;
  /** Font Awesome, as Node-RED names it. */
  readonly icon: string;
  readonly category: "gridwright" | "config";
  readonly fields: readonly Field[];
}

const NAME: Field = { name: "name", kind: "text" };
const SITE: Field = { name: "site", kind: "site", required: true };
const ANY_ASSET: Field = { name: "asset", kind: "asset" };
const LOAD: Field = { name: "asset", kind: "load", required: true };
/** What every wish has: its time and its reason. */
const LEASED: readonly Field[] = [
  { name: "ttl", kind: "number", value: "10", required: true, min: 1, max: 15 },
  { name: "reason", kind: "text", required: true },
];
const form = (shape: Pick<Form, "inputs" | "icon">, fields: readonly Field[]): Form => ({
  ...{ outputs: 1, category: "gridwright", fields: [NAME, SITE, ...fields] },
  ...shape,
});

export const FORMS = {
  site: {
    ...{ inputs: 0, outputs: 0, icon: "fa-home", category: "config" },
    fields: [
      NAME,
      { name: "url", kind: "text" },
      { name: "token", kind: "secret" },
      { name: "language", kind: "select", value: "en", options: ["en", "es"] },
    ],
  },
  reading: form({ inputs: 0, icon: "fa-tachometer" }, [
    { name: "asset", kind: "asset", required: true },
    { name: "point", kind: "point", required: true },
    { name: "every", kind: "number", value: "5", min: 1, max: 3600 },
  ]),
  state: form({ inputs: 0, icon: "fa-sun-o" }, []),
  surplus: form({ inputs: 0, icon: "fa-leaf" }, [
    { name: "watts", kind: "number", value: "1000", required: true, min: 1, max: 1e6 },
    { name: "minutes", kind: "number", value: "5", min: 0, max: 240 },
    { name: "fullFrom", kind: "number", value: "90", min: 0, max: 100 },
  ]),
  decision: form({ inputs: 0, icon: "fa-balance-scale" }, [
    ANY_ASSET,
    { name: "act", kind: "select", value: "any", options: ["any", "on", "off"] },
  ]),
  alarm: form({ inputs: 0, icon: "fa-bell" }, [
    { name: "least", kind: "select", value: "warning", options: ["info", "warning", "critical"] },
  ]),
  forecast: form({ inputs: 1, icon: "fa-line-chart" }, []),
  job: form({ inputs: 0, icon: "fa-wrench" }, [ANY_ASSET]),
  constraint: form({ inputs: 0, icon: "fa-ban" }, [
    LOAD,
    { name: "from", kind: "time", value: "22:00", required: true },
    { name: "to", kind: "time", value: "06:00", required: true },
    { name: "way", kind: "select", value: "off", options: ["off", "limit", "tier"] },
    { name: "percent", kind: "number", value: "50", min: 0, max: 100 },
    { name: "tier", kind: "number", value: "4", min: 1, max: 4 },
    ...LEASED,
  ]),
  limit: form({ inputs: 1, icon: "fa-sliders" }, [
    { name: "asset", kind: "limited", required: true },
    ...LEASED,
  ]),
  battery: form({ inputs: 1, icon: "fa-battery-half" }, [
    { name: "asset", kind: "steered", required: true },
    ...LEASED,
  ]),
  "ask-job": form({ inputs: 1, icon: "fa-calendar-plus-o" }, [
    { name: "asset", kind: "machine", required: true },
    { name: "minutes", kind: "number", value: "60", required: true, min: 1, max: 1440 },
    { name: "within", kind: "number", value: "24", min: 1, max: 48 },
    { name: "reason", kind: "text", required: true },
  ]),
  note: form({ inputs: 1, icon: "fa-book" }, []),
  request: form({ inputs: 1, icon: "fa-hand-paper-o" }, [
    LOAD,
    { name: "wish", kind: "select", value: "payload", options: ["payload", "on", "off", "withdraw"] },
    ...LEASED,
  ]),
} as const satisfies Readonly<Record<string, Form>>;

export type NodeName = keyof typeof FORMS;
