// Builds the plugin as Grafana's create-plugin does; only the entry is named, for create-plugin, which is installed here too,
// holds templates of other plugins that its own search would find.
import type { Configuration } from "webpack";
import scaffolded, { type Env } from "./.config/webpack/webpack.config.ts";

export default async function configuration(env: Env): Promise<Configuration> {
  return { ...(await scaffolded(env)), entry: { module: "./module.tsx" } };
}
