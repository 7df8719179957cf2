// Words for values that several dashboards show: on and off, yes and no, raised and over. Colours are never alone.
export const SUPPLY = {
  "0": { text: { en: "off", es: "sin corriente" }, color: "orange" },
  "1": { text: { en: "on", es: "con corriente" }, color: "green" },
} as const;
export const PRESENT = {
  "0": { text: { en: "gone", es: "ausente" }, color: "orange" },
  "1": { text: { en: "there", es: "presente" }, color: "green" },
} as const;
export const PERMIT = {
  "0": { text: { en: "forbidden", es: "prohibido" }, color: "red" },
  "1": { text: { en: "permitted", es: "permitido" }, color: "green" },
} as const;
export const STANDS = {
  "0": { text: { en: "over", es: "terminada" }, color: "green" },
  "1": { text: { en: "stands", es: "vigente" }, color: "red" },
} as const;
export const WARNING = {
  "0": { text: { en: "none", es: "ninguno" }, color: "green" },
  "1": { text: { en: "overload", es: "sobrecarga" }, color: "red" },
} as const;
/** Colours of a state of charge. */
export const CHARGE = [
  [null, "red"],
  [0.2, "orange"],
  [0.4, "green"],
] as const;
