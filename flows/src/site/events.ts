// Server-sent events out of a stream of text: each with its id, kind and data. Pure; keeps what is not whole yet.

export interface SentEvent {
  readonly id: string | undefined;
  readonly kind: string;
  readonly data: string;
}

/** An event that is longer is none of ours. */
const WAITING_CHARS_MAX = 4_000_000;

function eventOf(block: string): SentEvent | undefined {
  let id: string | undefined;
  let kind = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, field = "", value = ""] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
    if (field === "id") id = value;
    if (field === "event") kind = value;
    if (field === "data") data.push(value);
  }
  return data.length === 0 ? undefined : { id, kind, data: data.join("\n") };
}

/** Takes the next piece of text, gives the events that are whole now. Throws when one grows beyond all measure. */
export function eventReader(): (text: string) => readonly SentEvent[] {
  let waiting = "";
  return (text) => {
    const blocks = (waiting + text).replaceAll("\r\n", "\n").split("\n\n");
    waiting = blocks.pop() ?? "";
    if (waiting.length > WAITING_CHARS_MAX) throw new Error("the controller's stream makes no sense");
    return blocks.map(eventOf).filter((event) => event !== undefined);
  };
}
