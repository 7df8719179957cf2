// The configuration node that the others share: which controller, by which token. Where gridwright itself runs this
// Node-RED it needs neither: the process was given both. Gives the editor's pick lists from the live site.
import type { AdminHandler, Config, Red, RedNode, Status } from "../red.ts";
import { type Connection, connect } from "../site/connection.ts";

export interface SiteNode extends RedNode {
  readonly connection: Connection;
  readonly language: "en" | "es";
}

/** The site that a node names; undefined: it names none that can be reached. */
export const siteOf = (RED: Red, { site }: Config): SiteNode | undefined => {
  const node = site === undefined ? undefined : (RED.nodes.getNode(site) as SiteNode | null);
  return node?.connection === undefined ? undefined : node;
};

export const NO_SITE: Status = { fill: "red", shape: "ring", text: "no site" };

/** The line to the controller; where the node names none it is shown so. */
export function lineOf(RED: Red, node: RedNode, config: Config): Connection | undefined {
  const connection = siteOf(RED, config)?.connection;
  if (connection === undefined) node.status(NO_SITE);
  return connection;
}

const listOf =
  (RED: Red): AdminHandler =>
  ({ params }, response) => {
    const { site } = siteOf(RED, { id: "", site: params.id })?.connection ?? {};
    if (site === undefined) response.status(404).end();
    else
      response.json(
        site.assets.map(({ id, name, switched, control, points, kind }) => ({
          ...{ id, name, switched, control, points, kind },
        })),
      );
  };

export default function site(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const given = RED.settings.gridwright;
    const url = (config.url || given?.url || "").replace(/\/+$/, "");
    const token = config.url ? this.credentials?.token : given?.token;
    if (!/^https?:\/\/./.test(url) || token === undefined) {
      this.error("say where the controller is and give a token that may ask as a flow");
      return;
    }
    const connection = connect({ url, token });
    Object.assign(this, { connection, language: config.language === "es" ? "es" : "en" });
    this.on("close", (_removed, done) => {
      connection.close();
      done();
    });
  }
  RED.nodes.registerType("gridwright-site", build, { credentials: { token: { type: "password" } } });
  RED.httpAdmin.get("/gridwright/assets/:id", RED.auth.needsPermission("flows.read"), listOf(RED));
}
