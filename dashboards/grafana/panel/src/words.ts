// What the panel says, in English and Spanish. Placeholders stand in braces.
export type Language = "en" | "es";

const EN = {
  sun: "Sun",
  battery: "Battery",
  grid: "Public grid",
  generator: "Generator",
  loads: "Loads",
  machines: "Machines",
  giving: "giving",
  filling: "filling",
  taking: "taking",
  givingBack: "giving back",
  rest: "at rest",
  gone: "not there",
  running: "running",
  stopped: "off",
  reckoned: "reckoned",
  noValue: "no value",
  atLeast: "≥ {power}",
  old: "{ago} old",
  low: "low",
  empty: "nearly empty",
  high: "high",
  on: "on",
  off: "no supply",
  onOf: "{on} of {all} with supply",
  picture: "Picture",
  table: "Table",
  shown: "Show as",
  caption: "Where power comes from and where it goes",
  part: "Part",
  power: "Power",
  state: "State",
  news: "News",
  ago: "{ago} ago",
  lastNews: "Last news {ago} ago",
  noNews: "No news for {ago}",
  asOf: "As of {time}",
  failed: "The database did not answer: what is shown may be old",
  nothing: "No power flow in these data",
  nothingWhy:
    "No series plays any role. Queries named power, battery_power, soc, grid_present, running and switch are understood by themselves; the panel's options say which series is what in other data.",
  unreadable: "Not understood in the panel's options: {roles}",
} as const;
export type Word = keyof typeof EN;

const ES: Readonly<Record<Word, string>> = {
  sun: "Sol",
  battery: "Batería",
  grid: "Red pública",
  generator: "Generador",
  loads: "Cargas",
  machines: "Máquinas",
  giving: "entrega",
  filling: "se carga",
  taking: "toma",
  givingBack: "recibe",
  rest: "en reposo",
  gone: "no está",
  running: "en marcha",
  stopped: "parado",
  reckoned: "calculado",
  noValue: "sin dato",
  atLeast: "≥ {power}",
  old: "de hace {ago}",
  low: "baja",
  empty: "casi vacía",
  high: "alto",
  on: "con corriente",
  off: "sin corriente",
  onOf: "{on} de {all} con corriente",
  picture: "Dibujo",
  table: "Tabla",
  shown: "Ver como",
  caption: "De dónde viene la potencia y adónde va",
  part: "Parte",
  power: "Potencia",
  state: "Estado",
  news: "Dato",
  ago: "hace {ago}",
  lastNews: "Última noticia hace {ago}",
  noNews: "Sin noticias desde hace {ago}",
  asOf: "A las {time}",
  failed: "La base de datos no respondió: lo que se ve puede ser antiguo",
  nothing: "Estos datos no muestran ningún flujo de potencia",
  nothingWhy:
    "Ninguna serie tiene un papel. Las consultas con nombre power, battery_power, soc, grid_present, running y switch se entienden solas; para otros datos, las opciones del panel dicen qué es cada serie.",
  unreadable: "No se entiende en las opciones del panel: {roles}",
};

const WORDS: Readonly<Record<Language, Readonly<Record<Word, string>>>> = { en: EN, es: ES };

export type Say = (word: Word, values?: Readonly<Record<string, string>>) => string;

export const sayIn =
  (language: Language): Say =>
  (word, values = {}) =>
    WORDS[language][word].replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** The panel's language: the one chosen, else that of a page or browser. */
export const languageOf = (chosen: string, page: string): Language =>
  (chosen === "auto" ? page : chosen).toLowerCase().startsWith("es") ? "es" : "en";
