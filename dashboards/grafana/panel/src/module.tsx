// What Grafana loads: the panel and its options.
import { PanelPlugin } from "@grafana/data";
import type { FlowOptions } from "./settings.ts";
import { FlowPanel } from "./view/flow-panel.tsx";
import { addOptions, FIELDS } from "./view/options.ts";

const panel = new PanelPlugin<FlowOptions>(FlowPanel);
// biome-ignore lint/correctness/useHookAtTopLevel: a method of Grafana's that only begins like a hook
export const plugin = panel.useFieldConfig(FIELDS).setPanelOptions(addOptions);
