// The words of a member's statement, on the page and on paper.
import type { Language } from "./reasons.ts";

const en = {
  statement: "Energy account of {name}",
  month: "Month",
  none: "Only who belongs to a home has an account.",
  "nothing-yet": "Nothing is settled yet. The first quarter of an hour comes when it is over.",
  used: "Used",
  local: "of it from our own sun and battery",
  bought: "of it bought or made with fuel",
  given: "Given to the others from the own roof",
  jobs: "Jobs on shared machines",
  "jobs-note": "counted at the machine, not in «Used»",
  due: "To pay",
  "due-back": "To be paid out",
  share: "{share} of what this home used came from our own sun and battery.",
  "gaps-one":
    "In one quarter of an hour the meter told nothing or only a part. What is missing is booked as soon as it is known.",
  gaps: "In {count} quarters of an hour the meter told nothing or only a part. What is missing is booked as soon as it is known.",
  "corrected-one": "One correction of a quarter of an hour is in these figures.",
  corrected: "{count} corrections of quarters of an hour are in these figures.",
  whole: "The meter told every quarter of an hour whole.",
  check:
    "Every figure can be reckoned anew from the meters: gridwright verify. Ask to see the account if something does not fit.",
  until: "Settled until {when}",
  print: "Print",
  pdf: "As PDF",
  csv: "All homes as a table",
  quarters: "Quarters of an hour for the grid operator",
  feeders: "What the feeders' meters saw, and those below them did not (30 days)",
  fits: "{feeder}: {missing} of {through} missing, as wires and loads without a meter take",
  doubtful: "{feeder}: {missing} of {through} missing, more than usual; loads without a meter may take it",
  unexplained:
    "{feeder}: {missing} of {through} missing, more than wires and loads without a meter can take: look at its meters and wiring",
  excess: "{feeder}: the meters below count {missing} more than its own: look at the meters",
  damage: "The account was changed since it was written: {why}",
  trouble: "The account is not settled now: {why}",
} as const;

export type StatementWord = keyof typeof en;

const es: Readonly<Record<StatementWord, string>> = {
  statement: "Cuenta de energía de {name}",
  month: "Mes",
  none: "Solo quien pertenece a una casa tiene una cuenta.",
  "nothing-yet": "Aún no hay nada liquidado. El primer cuarto de hora llega cuando termina.",
  used: "Usado",
  local: "de ello, de nuestro sol y batería",
  bought: "de ello, comprado o hecho con combustible",
  given: "Dado a los demás desde el tejado propio",
  jobs: "Trabajos en máquinas comunes",
  "jobs-note": "contado en la máquina, no en «Usado»",
  due: "A pagar",
  "due-back": "A cobrar",
  share: "El {share} de lo que usó esta casa vino de nuestro sol y batería.",
  "gaps-one":
    "En un cuarto de hora el contador no dijo nada o solo una parte. Lo que falta se anota en cuanto se sabe.",
  gaps: "En {count} cuartos de hora el contador no dijo nada o solo una parte. Lo que falta se anota en cuanto se sabe.",
  "corrected-one": "Estas cifras llevan una corrección de un cuarto de hora.",
  corrected: "Estas cifras llevan {count} correcciones de cuartos de hora.",
  whole: "El contador dio entero cada cuarto de hora.",
  check:
    "Cada cifra se puede volver a calcular desde los contadores: gridwright verify. Si algo no cuadra, pida ver la cuenta.",
  until: "Liquidado hasta {when}",
  print: "Imprimir",
  pdf: "En PDF",
  csv: "Todas las casas en una tabla",
  quarters: "Cuartos de hora para la distribuidora",
  feeders: "Lo que vieron los contadores de línea y no los de debajo (30 días)",
  fits: "{feeder}: faltan {missing} de {through}, lo que toman los cables y las cargas sin contador",
  doubtful: "{feeder}: faltan {missing} de {through}, más de lo habitual; pueden tomarlo cargas sin contador",
  unexplained:
    "{feeder}: faltan {missing} de {through}, más de lo que pueden tomar los cables y las cargas sin contador: revise contadores y cableado",
  excess: "{feeder}: los contadores de debajo cuentan {missing} más que el suyo: revise los contadores",
  damage: "La cuenta fue cambiada después de escribirse: {why}",
  trouble: "La cuenta no se liquida ahora: {why}",
};

const WORDS: Readonly<Record<Language, Readonly<Record<StatementWord, string>>>> = { en, es };

/** A word with its places filled. */
export const statementWord = (
  language: Language,
  word: StatementWord,
  params: Readonly<Record<string, string>> = {},
): string => WORDS[language][word].replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "?");

/** Words for a count, of which one has a sentence of its own. */
export const countedWord = (word: "gaps" | "corrected", count: number): StatementWord =>
  count === 1 ? `${word}-one` : word;
