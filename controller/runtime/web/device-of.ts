// Browser and system in a few words, as a browser names itself: by these a person knows one's own sessions apart. Nothing
// else of that long text is kept.
import type { FastifyRequest } from "fastify";

/** The first that fits names it: others call themselves by several names. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Firefox|FxiOS/, "Firefox"],
  [/Edg/, "Edge"],
  [/SamsungBrowser/, "Samsung Internet"],
  [/Chrome|CriOS/, "Chrome"],
  [/Safari/, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS/, "Mac"],
  [/Linux/, "Linux"],
];
const TEXT_MAX = 500;

/** `Firefox, Android`; undefined for what is no known browser. */
export function deviceNamed(agent: string): string | undefined {
  const text = agent.slice(0, TEXT_MAX);
  const named = [BROWSERS, SYSTEMS].flatMap((table) => table.find(([sign]) => sign.test(text))?.[1] ?? []);
  return named.length === 0 ? undefined : named.join(", ");
}

export const deviceOf = ({ headers }: FastifyRequest): string | undefined =>
  deviceNamed(headers["user-agent"] ?? "");
