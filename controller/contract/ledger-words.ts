// The words of a member's statement, on the page and on paper.
import type { Statement } from "./api-ledger.ts";
import type { Decider } from "./decision.ts";
import { ruleText } from "./explain/phrases.ts";
import type { Language } from "./reasons.ts";
import { durationText } from "./render.ts";

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
  granted: "Granted by the days' allowance ({days} days)",
  counted: "of it used; while there is plenty it counts less",
  "exceeded-one": "On one day the allowance was used up.",
  exceeded: "On {count} days the allowance was used up.",
  offs: "Switched off here",
  "off-one": "{load}: {time}, once ({rule})",
  off: "{load}: {time}, {count} times ({rule})",
  "offs-none": "Nothing was switched off here for want of supply.",
  "offs-more": "and more, {time} together",
  "offs-since": "What was switched off is kept since {when}.",
  "hand-read": "Read by hand {when}: {reading} kWh",
  photo: "Photo of the display",
  "offs-csv": "What was switched off, by home and load",
  whole: "The meter told every quarter of an hour whole.",
  check:
    "Every figure can be reckoned anew from what the meters counted (gridwright verify). Ask to see the account if something does not fit.",
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
  granted: "Concedido por el cupo de los días ({days} días)",
  counted: "de ello usado; cuando sobra, cuenta menos",
  "exceeded-one": "Un día se agotó el cupo.",
  exceeded: "En {count} días se agotó el cupo.",
  offs: "Apagado aquí",
  "off-one": "{load}: {time}, una vez ({rule})",
  off: "{load}: {time}, {count} veces ({rule})",
  "offs-none": "Aquí no se apagó nada por falta de energía.",
  "offs-more": "y más, {time} en total",
  "offs-since": "Lo que se apagó se guarda desde {when}.",
  "hand-read": "Leído a mano {when}: {reading} kWh",
  photo: "Foto de lo que marcaba",
  "offs-csv": "Lo que se apagó, por casa y carga",
  whole: "El contador dio entero cada cuarto de hora.",
  check:
    "Cada cifra se puede volver a calcular desde lo que contaron los contadores (gridwright verify). Si algo no cuadra, pida ver la cuenta.",
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
export const countedWord = (word: "gaps" | "corrected" | "exceeded" | "off", count: number): StatementWord =>
  count === 1 ? `${word}-one` : word;

export interface OffsAsked {
  readonly language: Language;
  /** Asset → name. */
  readonly names: Readonly<Record<string, string>>;
  /** More than so many stand together in one line. */
  readonly most: number;
}

/** What was switched off at a home in a month, longest first, each load and rule a line. */
export function offTexts(
  { offs }: Pick<Statement, "offs">,
  { language, names, most }: OffsAsked,
): readonly string[] {
  if (offs.length === 0) return [statementWord(language, "offs-none")];
  const told = offs.slice(0, offs.length > most ? most - 1 : most);
  const rest = offs.slice(told.length).reduce((sum, { ms }) => sum + ms, 0);
  const lines = told.map(({ asset, rule, ms, times }) =>
    statementWord(language, countedWord("off", times), {
      ...{ load: names[asset] ?? asset, time: durationText(ms, language), count: String(times) },
      rule: ruleText(rule as Decider, language),
    }),
  );
  return rest === 0
    ? lines
    : [...lines, statementWord(language, "offs-more", { time: durationText(rest, language) })];
}
