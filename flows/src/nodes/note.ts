// Writes a line beside the community's energy accounts: what happened that figures alone do not tell. It is kept for good, and
// moves no energy.
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Config, Red, RedNode } from "../red.ts";
import { lineOf } from "./site.ts";

const TEXT_CHARS_MAX = 200;

export default function note(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const connection = lineOf(RED, this, config);
    if (connection === undefined) return;
    this.on("input", (message, send, done) => {
      const text = typeof message.payload === "string" ? message.payload.trim() : "";
      if (text === "" || text.length > TEXT_CHARS_MAX)
        return done(new Error(`the payload must be a text of 1 to ${TEXT_CHARS_MAX} characters`));
      void connection.send("POST", "/api/v1/flows/notes", { text }).then(
        () => {
          this.status({ fill: "green", shape: "dot", text });
          send(message);
          done();
        },
        (error: unknown) => {
          const why = messageOf(error);
          this.status({ fill: "red", shape: "ring", text: why });
          done(new Error(why));
        },
      );
    });
  }
  RED.nodes.registerType("gridwright-note", build);
}
