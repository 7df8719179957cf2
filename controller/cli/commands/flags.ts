// What flags may say, parsed once at the command line.

import { parseQuantity } from "@gridwright/contract/quantity-text.ts";
import { REQUEST_TTL_MAX_MS } from "@gridwright/contract/request.ts";
import { isPrivateAddress } from "@gridwright/contract/site/broker-spec.ts";
import { InvalidArgumentError } from "commander";
import type { LanPlace, PacePlace } from "../processes/startup.ts";

export function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError("a port is a number from 0 (any free one) to 65535");
  return value;
}

export function place(text: string): PacePlace {
  const { hostname, port: digits } = URL.parse(`tcp://${text}`) ?? {};
  if (!hostname || !digits) throw new InvalidArgumentError("host:port, for example 127.0.0.1:15019");
  return { host: hostname, port: Number(digits) };
}

const LAN_PORT = 8443;

/** `10.0.7.2` or `10.0.7.2:8443`: one address of a private network, where the page is served by TLS. */
export function lanPlace(text: string): LanPlace {
  const [, bracketed, plain, digits = String(LAN_PORT)] =
    /^(?:\[([\da-f:]+)\]|([\d.]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const address = bracketed ?? plain ?? "";
  const number = Number(digits);
  if (!isPrivateAddress(address) || number < 1 || number > 65_535)
    throw new InvalidArgumentError(
      "this machine's address in the people's own network, for example 192.168.1.10 or 192.168.1.10:8443; the page is not for the internet",
    );
  return { address, port: number };
}

export function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError("a whole number");
  return value;
}

export function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("a whole number from 1 on");
  return value;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 3_600)) throw new InvalidArgumentError("a number above 0, at most 3600");
  return value;
}

export function ttl(text: string): number {
  const parsed = parseQuantity(text, "ms");
  if (!parsed.ok) throw new InvalidArgumentError(parsed.why);
  if (!(parsed.value > 0 && parsed.value <= REQUEST_TTL_MAX_MS))
    throw new InvalidArgumentError("more than 0 s, at most 15 min");
  return parsed.value;
}

export function onOff(text: string): boolean {
  if (text !== "on" && text !== "off") throw new InvalidArgumentError("on or off");
  return text === "on";
}

const REASON_MAX = 200;

export function reasonText(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > REASON_MAX)
    throw new InvalidArgumentError(`say why in 1 to ${REASON_MAX} characters`);
  return trimmed;
}
