// The panel's options as Grafana's editor offers them. Units and decimals are Grafana's own field options.
import {
  FieldConfigProperty,
  type PanelOptionsEditorBuilder,
  type SetFieldConfigOptionsArgs,
} from "@grafana/data";
import { OPTION_WORDS } from "../option-words.ts";
import { ROLE_NAMES, ROLES } from "../roles.ts";
import { DEFAULTS, type FlowOptions } from "../settings.ts";
import { languageOf, sayIn } from "../words.ts";

const OWN = [FieldConfigProperty.Unit, FieldConfigProperty.Decimals];

export const FIELDS: SetFieldConfigOptionsArgs = {
  disableStandardOptions: Object.values(FieldConfigProperty).filter((property) => !OWN.includes(property)),
  standardOptions: { [FieldConfigProperty.Unit]: { defaultValue: "watt" } },
};

const NUMBERS = ["newsS", "valueMin", "chargeLow", "chargeEmpty", "gridHighW", "loadsHighW"] as const;

export function addOptions(builder: PanelOptionsEditorBuilder<FlowOptions>): void {
  const language = languageOf("auto", document.documentElement.lang || navigator.language);
  const words = OPTION_WORDS[language];
  const say = sayIn(language);
  builder
    .addRadio({
      ...{ path: "language", name: words.options.language, defaultValue: DEFAULTS.language },
      settings: {
        options: [
          { value: "auto", label: words.asGrafana },
          { value: "en", label: "English" },
          { value: "es", label: "Español" },
        ],
      },
    })
    .addRadio({
      ...{ path: "view", name: words.options.view, defaultValue: DEFAULTS.view },
      settings: {
        options: [
          { value: "picture", label: say("picture") },
          { value: "table", label: say("table") },
        ],
      },
    });
  for (const path of NUMBERS)
    builder.addNumberInput({
      ...{ path, name: words.options[path], category: [words.limits] },
      ...{ defaultValue: DEFAULTS[path], settings: { min: 0 } },
    });
  for (const role of ROLE_NAMES)
    builder.addTextInput({
      ...{ path: `roles.${role}`, name: words.roles[role], description: words.seriesHow },
      ...{ category: [words.series], defaultValue: ROLES[role] },
    });
}
