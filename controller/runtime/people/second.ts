// Turning the second step on and off, and whether a role must have it. It is on only once a code has proven that the phone
// took the secret; until then the secret waits in memory. Off needs a code too: a session alone must not weaken an account.
import type { Clock } from "@gridwright/contract/clock.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";
import { type Account, type Book, mustHaveSecond, signedOut } from "./book.ts";
import type { By } from "./changes.ts";
import type { Desk, Refusal, SigningIn } from "./people.ts";
import { newRecovery, newSecondSecret, passSecond, type Second, secondUri } from "./second-step.ts";

const WAITS_FOR_MS = 15 * 60_000;
const WAITING_MAX = 200;

/** Secrets that were shown and not yet proven, by account. */
export interface Waiting {
  keep(account: string, secret: string): void;
  of(account: string): string | undefined;
}
export function createWaiting(io: Clock): Waiting {
  const all = new Map<string, { readonly secret: string; readonly at: Mono }>();
  return {
    keep(account, secret) {
      all.delete(account);
      all.set(account, { secret, at: io.now() });
      const [oldest] = all.keys();
      if (all.size > WAITING_MAX && oldest !== undefined) all.delete(oldest);
    },
    of(account) {
      const found = all.get(account);
      return found !== undefined && elapsed(found.at, io.now()) < WAITS_FOR_MS ? found.secret : undefined;
    },
  };
}

const accountOf = ({ kept }: Desk, id: string): Account | undefined =>
  kept.now().accounts.find((one) => one.id === id);
const withSecond = (book: Book, id: string, second: Second | undefined): Book => ({
  ...book,
  accounts: book.accounts.map(({ second: _old, ...one }) =>
    one.id === id ? { ...one, ...(second && { second }) } : { ...one, ...(_old && { second: _old }) },
  ),
});

export interface SecondOffer {
  readonly secret: string;
  readonly uri: string;
}

/** A new secret for the phone; undefined: there is no such account. It changes nothing yet. */
export function offerSecond(desk: Desk, id: string, issuer: string): SecondOffer | undefined {
  const account = accountOf(desk, id);
  if (account === undefined) return undefined;
  const secret = newSecondSecret(desk.random);
  desk.waiting.keep(id, secret);
  return { secret, uri: secondUri(secret, { issuer, label: account.login }) };
}

interface Shown {
  readonly id: string;
  readonly code: string;
  readonly address: string;
}

/** Uses a code of the phone, or a recovery code, up; under a back-off of its own, since who comes here knew the password. */
export async function useCode(desk: Desk, { id, code, address }: Shown): Promise<Refusal | undefined> {
  const attempt = { address, login: id };
  const wait = desk.secondBackoff.waitOf(attempt);
  if (wait > 0) return { no: "wait", ms: wait };
  desk.secondBackoff.failed(attempt);
  let by: "code" | "recovery" | undefined;
  await desk.kept.change((book) => {
    const second = book.accounts.find((one) => one.id === id)?.second;
    const passed = second && passSecond(second, code, desk.io.wall());
    by = passed?.by;
    return passed && withSecond(book, id, passed.second);
  });
  if (by === undefined) {
    await desk.audit.note({ who: id, did: "code-refused", about: { address } });
    return { no: "code" };
  }
  desk.secondBackoff.succeeded(attempt);
  if (by === "recovery") await desk.audit.note({ who: id, did: "recovery-used" });
  return undefined;
}

/** Why the second step lets an account with the right password not in yet. */
export async function secondRefusal(
  desk: Desk,
  { id, second }: Account,
  { code, address }: Pick<SigningIn, "code" | "address">,
): Promise<Refusal | undefined> {
  if (second === undefined) return undefined;
  return code === undefined ? { no: "second" } : useCode(desk, { id, code, address });
}

/** Turns it on with the first code of the secret that waits; gives the recovery codes, this once. */
export async function turnOn(desk: Desk, { id, code, address }: Shown): Promise<readonly string[] | Refusal> {
  const attempt = { address, login: id };
  const wait = desk.secondBackoff.waitOf(attempt);
  if (wait > 0) return { no: "wait", ms: wait };
  const secret = desk.waiting.of(id);
  if (secret === undefined) return { no: "gone" };
  const { codes, hashes } = newRecovery(desk.random);
  const passed = passSecond({ secret, used: [], recovery: hashes }, code, desk.io.wall());
  if (passed?.by !== "code") {
    desk.secondBackoff.failed(attempt);
    return { no: "code" };
  }
  await desk.audit.note({ who: id, did: "second-on" });
  await desk.kept.change((book) => withSecond(book, id, passed.second));
  return codes;
}

/** Turns it off by a code; never where the role must have it. */
export async function turnOff(desk: Desk, shown: Shown): Promise<Refusal | undefined> {
  const account = accountOf(desk, shown.id);
  if (account?.second === undefined) return { no: "gone" };
  if (mustHaveSecond(desk.kept.now(), account.role)) return { no: "second-needed" };
  const refused = await useCode(desk, shown);
  if (refused !== undefined) return refused;
  await desk.audit.note({ who: shown.id, did: "second-off" });
  await desk.kept.change((book) => withSecond(book, shown.id, undefined));
  return undefined;
}

/** An admin's word for who lost phone and recovery codes. All sessions of the account end. */
export async function clearSecond(desk: Desk, { by, id }: By): Promise<Refusal | undefined> {
  if (accountOf(desk, id)?.second === undefined) return { no: "gone" };
  await desk.audit.note({ who: by, did: "second-cleared", about: { account: id } });
  await desk.kept.change((book) => withSecond(signedOut(book, id), id, undefined));
  return undefined;
}

/** From which role on a second step is a must. Who says so must have one, or nobody could take it back. */
export async function requireSecond(
  desk: Desk,
  by: string,
  from: "technician" | "admin" | undefined,
): Promise<Refusal | undefined> {
  if (from !== undefined && accountOf(desk, by)?.second === undefined) return { no: "second-first" };
  await desk.audit.note({ who: by, did: "second-rule", about: { from: from ?? "nobody" } });
  await desk.kept.change(({ secondFrom: _old, ...book }) => ({ ...book, ...(from && { secondFrom: from }) }));
  return undefined;
}
