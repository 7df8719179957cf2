// What Grafana does for a panel, on a page of its own for tests: gives it the libraries that it asks for by name, a theme, a
// frame with a title and data frames. All libraries are the real ones; there is no server behind.
import * as emotion from "@emotion/css";
import {
  createTheme,
  type DataFrameDTO,
  dateTime,
  type EventBus,
  FieldConfigProperty,
  type FieldConfigSource,
  FieldType,
  getDisplayProcessor,
  getPanelOptionsWithDefaults,
  LoadingState,
  PanelOptionsEditorBuilder,
  PanelPlugin,
  type PanelProps,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  ThemeContext,
  toDataFrame,
} from "@grafana/data";
import { GlobalStyles, PanelChrome, RadioButtonGroup, useStyles2, useTheme2 } from "@grafana/ui";
import * as React from "react";
import { createRoot } from "react-dom/client";

interface Shown {
  readonly title: string;
  readonly description: string;
  readonly mode: "light" | "dark";
  readonly width: number;
  readonly height: number;
  readonly frames: readonly DataFrameDTO[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly defaults?: FieldConfigSource["defaults"];
  /** End of the time range as the dashboard says it, and in ms since 1970. */
  readonly to: string;
  readonly at: number;
  readonly state?: LoadingState;
  readonly variables?: Readonly<Record<string, string>>;
}

type Factory = (...modules: readonly unknown[]) => { readonly plugin: PanelPlugin };

const LIBRARIES: Readonly<Record<string, unknown>> = {
  "@emotion/css": emotion,
  "@grafana/data": { FieldConfigProperty, FieldType, getDisplayProcessor, LoadingState, PanelPlugin },
  "@grafana/ui": { RadioButtonGroup, useStyles2, useTheme2 },
  module: { uri: "/module.js" },
  react: React,
};

/** Grafana's server brings the editors of options; here only their names are needed. */
const editor = (id: string) => ({ id, name: id, editor: () => null });
standardEditorsRegistry.setInit(() => ["radio", "number", "text"].map(editor));
standardFieldConfigEditorRegistry.setInit(() =>
  Object.values(FieldConfigProperty).map((id) => ({
    ...{ ...editor(id), path: id, isCustom: false },
    ...{ process: (value: unknown) => value, shouldApply: () => true },
    ...{ override: () => null, getItemsCount: () => 0 },
  })),
);

let plugin: PanelPlugin | undefined;

/** The panel's module calls this, as it calls Grafana's loader. */
function define(names: readonly string[], factory: Factory): void {
  const modules = names.map((name) => LIBRARIES[name]);
  const missing = names.filter((_, place) => modules[place] === undefined);
  if (missing.length > 0) throw new Error(`the panel asks for ${missing.join(", ")}`);
  plugin = factory(...modules).plugin;
}

const noBus = { publish: () => undefined, subscribe: () => undefined };

function propsOf(shown: Shown): PanelProps {
  const { frames, options, to, at, state = LoadingState.Done, width, height } = shown;
  const end = dateTime(at);
  const timeRange = { from: dateTime(at - 21_600_000), to: end, raw: { from: "now-6h", to } };
  const settings = { fieldConfig: { defaults: shown.defaults ?? {}, overrides: [] }, options };
  const { fieldConfig, options: all } = getPanelOptionsWithDefaults({
    ...{ plugin: plugin as PanelPlugin, currentOptions: settings.options },
    ...{ currentFieldConfig: settings.fieldConfig, isAfterPluginChange: false },
  });
  const put = (text: string): string =>
    Object.entries(shown.variables ?? {}).reduce(
      (all, [name, value]) => all.replaceAll(`$${name}`, value),
      text,
    );
  const series = frames.map((frame) => toDataFrame(frame));
  return {
    ...{ id: 7, title: shown.title, width, height, timeRange, timeZone: "utc", transparent: false },
    ...{ data: { series, state, timeRange }, options: all, fieldConfig, renderCounter: 1 },
    ...{ replaceVariables: put, onOptionsChange: () => undefined, onFieldConfigChange: () => undefined },
    ...{ onChangeTimeRange: () => undefined, eventBus: noBus as unknown as EventBus },
  };
}

const root = createRoot(document.querySelector("main") as HTMLElement);

function show(shown: Shown): void {
  const Panel = plugin?.panel;
  if (Panel === undefined || Panel === null) throw new Error("the panel's module was not loaded");
  const theme = createTheme({ colors: { mode: shown.mode } });
  document.body.style.background = theme.colors.background.canvas;
  root.render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <PanelChrome title={shown.title} width={shown.width} height={shown.height}>
        {(width, height) => <Panel {...propsOf({ ...shown, width, height })} />}
      </PanelChrome>
    </ThemeContext.Provider>,
  );
}

/** Names of all options that the editor offers, in its order. */
const optionNames = (): readonly string[] => {
  const builder = new PanelOptionsEditorBuilder();
  plugin?.getPanelOptionsSupplier()(builder as never, { data: [], options: {} } as never);
  return builder.getItems().map(({ name }) => name);
};

Object.assign(window, { define, gridwright: { show, optionNames } });
