// Names of the panel's options, in English and Spanish.
import type { Role } from "./roles.ts";
import type { FlowOptions } from "./settings.ts";
import type { Language } from "./words.ts";

type Named = Exclude<keyof FlowOptions, "roles">;

interface OptionWords {
  readonly options: Readonly<Record<Named, string>>;
  readonly roles: Readonly<Record<Role, string>>;
  readonly limits: string;
  readonly series: string;
  readonly seriesHow: string;
  readonly asGrafana: string;
}

const EN: OptionWords = {
  options: {
    language: "Language",
    view: "Show at first",
    newsS: "Say that there is no news after (s)",
    valueMin: "A value is old after (min)",
    chargeLow: "Battery is low below (%)",
    chargeEmpty: "Battery is nearly empty below (%)",
    gridHighW: "Grid power is high above (W; 0: never)",
    loadsHighW: "Consumption is high above (W; 0: never)",
  },
  roles: {
    sun: "Sun, W",
    battery: "Battery, W; giving is positive",
    charge: "Charge, 0 to 1",
    grid: "Grid, W; taking is positive",
    gridThere: "Grid is there, 1 or 0",
    generator: "Generator, W",
    generatorRuns: "Generator runs, 1 or 0",
    loads: "Loads, W each",
    machines: "Machines, W each",
    supply: "Supply of loads and machines, 1 or 0",
    total: "All consumption, W; empty: reckoned from the others",
  },
  limits: "Thresholds",
  series: "Which series is what",
  seriesHow:
    'Measurement or "name of the series", then label=value; alternatives with commas; a minus turns the sign round. Empty: this part is not shown.',
  asGrafana: "As Grafana",
};

const ES: OptionWords = {
  options: {
    language: "Idioma",
    view: "Ver al principio",
    newsS: "Avisar si no hay noticias desde hace (s)",
    valueMin: "Un dato es antiguo después de (min)",
    chargeLow: "Batería baja por debajo de (%)",
    chargeEmpty: "Batería casi vacía por debajo de (%)",
    gridHighW: "Potencia de red alta por encima de (W; 0: nunca)",
    loadsHighW: "Consumo alto por encima de (W; 0: nunca)",
  },
  roles: {
    sun: "Sol, W",
    battery: "Batería, W; entregar es positivo",
    charge: "Carga, de 0 a 1",
    grid: "Red, W; tomar es positivo",
    gridThere: "La red está, 1 o 0",
    generator: "Generador, W",
    generatorRuns: "Generador en marcha, 1 o 0",
    loads: "Cargas, W cada una",
    machines: "Máquinas, W cada una",
    supply: "Corriente de cargas y máquinas, 1 o 0",
    total: "Todo el consumo, W; vacío: se calcula con lo demás",
  },
  limits: "Umbrales",
  series: "Qué es cada serie",
  seriesHow:
    'Medida o "nombre de la serie", luego etiqueta=valor; alternativas con comas; un menos invierte el signo. Vacío: esta parte no se muestra.',
  asGrafana: "Como Grafana",
};

export const OPTION_WORDS: Readonly<Record<Language, OptionWords>> = { en: EN, es: ES };
