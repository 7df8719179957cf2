// Alerts by web push: each message is sealed for one browser and sent to the server that this browser named. What a server says
// is gone is forgotten. Servers of others only: what they see is whom, when and how much, never what.

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { isPushServer, type PushNotice } from "@gridwright/contract/push.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import type { Push as Browser } from "../people/book.ts";
import type { Desk } from "../people/people.ts";
import { type Audience, browsersOf, pushGone } from "../people/pushes.ts";
import type { Of } from "./channels.ts";
import { AnsweredError, NotSentError } from "./failure.ts";
import type { Notice } from "./notice.ts";
import { post } from "./post.ts";
import { openPushKey, type PushKey } from "./push-key.ts";
import { newSenderKey, sealed } from "./push-seal.ts";

export interface PushParts {
  readonly channel: Of<"push">;
  readonly desk: Desk;
  readonly dataDir: string;
  readonly io: Clock;
  readonly log: Log;
}

type InLanguage = (language: Language) => Notice;

export interface Push {
  /** What a browser subscribes with. */
  readonly publicKey: string;
  /** Whether a browser's address is one that this site writes to. */
  accepts(endpoint: string): boolean;
  /** Sends to all who hear it; each call of what it gives tries those again that it did not reach. */
  to(audience: Audience, say: InLanguage): () => Promise<void>;
  /** Sends to one account's own browsers. Rejects with `NotSentError` where it has none. */
  test(account: string, say: InLanguage): Promise<void>;
}

/** An alert that is older helps nobody. */
const KEEP_S = 4 * 3_600;
const AT_ONCE = 8;
const SALT_BYTES = 16;
const GONE: ReadonlySet<number> = new Set([404, 410]);
/** Later it may be taken. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof AnsweredError) || error.status === 429 || error.status >= 500;

/** A name that a server may see: what waits there unread under it is replaced. */
const topicOf = (tag: string): string => createHash("sha256").update(tag).digest("base64url").slice(0, 32);

class Pushing implements Push {
  readonly publicKey: string;
  readonly #parts: PushParts;
  readonly #key: PushKey;

  constructor(parts: PushParts, key: PushKey) {
    this.#parts = parts;
    this.#key = key;
    this.publicKey = key.publicKey;
  }

  accepts = (endpoint: string): boolean => isPushServer(endpoint, this.#parts.channel.servers);

  to(audience: Audience, say: InLanguage): () => Promise<void> {
    let left = browsersOf(this.#parts.desk, audience);
    return async () => {
      const again: Browser[] = [];
      let why = "";
      for (let at = 0; at < left.length; at += AT_ONCE) {
        const tried = left.slice(at, at + AT_ONCE).map(async (browser) => {
          const error = await this.#send(browser, say(browser.language));
          if (error === undefined) return;
          why = messageOf(error);
          again.push(browser);
        });
        await Promise.all(tried);
      }
      left = again;
      if (left.length > 0) throw new Error(`${left.length} browsers were not reached: ${why}`);
    };
  }

  async test(account: string, say: InLanguage): Promise<void> {
    const own = browsersOf(this.#parts.desk, { account });
    if (own.length === 0) throw new NotSentError("no-browser", "who tries it has no browser that is told");
    for (const browser of own) await this.#post(browser, say(browser.language));
  }

  /** What may be tried again; undefined: it is there, or never will be. */
  async #send(browser: Browser, notice: Notice): Promise<unknown> {
    try {
      await this.#post(browser, notice);
      return undefined;
    } catch (error) {
      if (isPassing(error)) return error;
      if (!(error instanceof AnsweredError && GONE.has(error.status)))
        this.#parts.log.warn("a browser's server takes no push", { push: browser.id, why: messageOf(error) });
      return undefined;
    }
  }

  /** Sends once. A browser that is gone is forgotten, and rejects like any other no. */
  async #post({ endpoint, keys }: Browser, { id, event, severity, title, text, at }: Notice): Promise<void> {
    const { channel, desk, io } = this.#parts;
    const notice: PushNotice = { title, text, tag: id, at };
    const body = sealed({
      ...{ keys, text: Buffer.from(JSON.stringify(notice)) },
      ...{ salt: desk.random(SALT_BYTES), sender: newSenderKey() },
    });
    const headers = {
      ...{ "content-encoding": "aes128gcm", "content-type": "application/octet-stream" },
      ...{ ttl: String(KEEP_S), topic: topicOf(id) },
      urgency: severity === "critical" && event !== "over" ? "high" : "normal",
      authorization: this.#key.authorization(endpoint, channel.contact, io.wall()),
    };
    try {
      await post(endpoint, { headers, body: new Uint8Array(body) });
    } catch (error) {
      if (error instanceof AnsweredError && GONE.has(error.status)) await pushGone(desk, endpoint);
      throw error;
    }
  }
}

/** Opens the site's key, or makes it. Throws `data-folder-unusable`. */
export async function openPush(parts: PushParts): Promise<Push> {
  return new Pushing(parts, await openPushKey(join(parts.dataDir, "secrets", "push-key.json")));
}
