// Where the broker is: embedded or the site's own, with which logins, and what is wrong with a file of credentials.
import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { brokerPlace, isEmbedded } from "./broker-place.ts";

const secrets = {
  login: (user: string) => ({ username: user, password: `word of ${user}`, clientId: user }),
};
function siteWith(broker: unknown): SiteModel {
  const head = { gridwright: 1, site: { id: "valley", name: "Valley" }, links: {}, devices: {}, assets: {} };
  const compiled = compileSite(Site.parse({ ...head, ...(broker !== undefined && { broker }) }), new Map());
  assert.ok(compiled.ok);
  return compiled.model;
}
let siteFolder = "";
before(async () => {
  siteFolder = await mkdtemp(join(tmpdir(), "gridwright-place-"));
});
after(() => rm(siteFolder, { recursive: true }));

const place = (broker?: unknown) => brokerPlace({ model: siteWith(broker), secrets, siteFolder });

test("the broker's place, its login and whose process it is", async () => {
  const file = { control: { username: "gw", password: "spring" } };
  await writeFile(join(siteFolder, "logins.json"), JSON.stringify(file), { mode: 0o600 });
  const external = { url: "mqtts://10.0.7.2:8883", credentials: "logins.json" };
  //  case                                    broker:                    where                      ours   control logs in as
  const table: [string, unknown, string, boolean, string][] = [
    [
      "none said: the embedded one",
      undefined,
      "mqtt://127.0.0.1:1883",
      true,
      "control word of control control",
    ],
    ["its port", { port: 2_883 }, "mqtt://127.0.0.1:2883", true, "control word of control control"],
    [
      "a URL: the site's own, with our logins",
      "mqtt://10.0.7.2",
      "mqtt://10.0.7.2",
      false,
      "control word of control gridwright-valley-control",
    ],
    [
      "mosquitto beside it",
      { program: "mosquitto", port: 1_884 },
      "mqtt://127.0.0.1:1884",
      false,
      "control word of control control",
    ],
    ["with a file: its logins", external, external.url, false, "gw spring gridwright-valley-control"],
  ];
  for (const [name, broker, url, embedded, as] of table) {
    const found = await place(broker);
    const { username, password, clientId } = found.login("control");
    assert.deepEqual(
      [found.url, found.embedded, `${username} ${password} ${clientId}`],
      [url, embedded, as],
      name,
    );
    assert.equal(isEmbedded(siteWith(broker)), embedded, name);
  }
  const services = (await place(external)).login("services");
  assert.equal(services.password, "word of services", "whom the file leaves out has the data folder's login");
});

test("a file that cannot be used says why, and never a password", async () => {
  const write = async (name: string, text: string, mode = 0o600): Promise<string> => {
    await writeFile(join(siteFolder, name), text);
    await chmod(join(siteFolder, name), mode);
    return name;
  };
  //  case                        file                                                                    says
  const table: [string, string, RegExp][] = [
    ["it is not there", "nowhere.json", /cannot be read/],
    ["others may read it", await write("open.json", "{}", 0o644), /chmod 600/],
    ["it is no JSON", await write("text.json", "control: sunflower"), /no JSON/],
    [
      "it names a stranger",
      await write("who.json", '{"cook":{"username":"a","password":"sunflower"}}'),
      /wrong/,
    ],
    [
      "a password is missing",
      await write("half.json", '{"control":{"username":"sunflower"}}'),
      /control\.password/,
    ],
  ];
  for (const [name, credentials, says] of table)
    await assert.rejects(
      place({ url: "mqtt://10.0.7.2", credentials }),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, "site-invalid", name);
        assert.match(error.message, says, name);
        assert.doesNotMatch(error.message, /sunflower/, name);
        return true;
      },
    );
});

test("a password in the URL is refused where it stands", () => {
  for (const broker of ["mqtt://gw:sunflower@10.0.7.2", "http://10.0.7.2", { url: "mqtt://gw@10.0.7.2" }])
    assert.equal(Site.shape.broker.safeParse(broker).success, false, JSON.stringify(broker));
});
