// What becomes of accounts, invitations and tokens: changed or withdrawn by their owner or an admin. The last admin stays
// one, or nobody could invite any more.
import type { AccountChange, NewToken } from "@gridwright/contract/people.ts";
import {
  type Account,
  type Book,
  hasAdmin,
  mayBeGuest,
  signedOut,
  TOKENS_OF_ONE_MAX,
  withoutAccount,
} from "./book.ts";
import { digestOf } from "./digest.ts";
import { type Desk, isMember, newId, newSecret, type Refusal, type Secret } from "./people.ts";

const DAY_MS = 86_400_000;
type Outcome = Refusal | undefined;

/** Changes the book unless that leaves it without an admin. */
async function guarded({ kept }: Desk, by: (book: Book) => Book): Promise<Outcome> {
  let refused: Outcome;
  await kept.change((book) => {
    const next = by(book);
    refused = hasAdmin(next) ? undefined : { no: "last-admin" };
    return refused === undefined ? next : undefined;
  });
  return refused;
}

const has = ({ kept }: Desk, id: string): boolean => kept.now().accounts.some((one) => one.id === id);

export interface By {
  /** Account that does it. */
  readonly by: string;
  readonly id: string;
}

function changed(
  account: Account,
  to: Pick<AccountChange, "role" | "member"> & { readonly until: number | undefined },
): Account {
  const { member: _member, until: before, endNoted, ...rest } = account;
  return {
    ...{ ...rest, role: to.role },
    ...(to.member !== null && { member: to.member }),
    ...(to.until !== undefined && { until: to.until }),
    ...(endNoted && to.until === before && { endNoted }),
  };
}

export async function changeAccount(
  desk: Desk,
  { by, id }: By,
  { role, member, until }: AccountChange,
): Promise<Outcome> {
  const before = desk.kept.now().accounts.find((one) => one.id === id);
  if (before === undefined) return { no: "gone" };
  if (!isMember(desk, member)) return { no: "unknown-member" };
  const ends = until === undefined ? before.until : (until ?? undefined);
  // What is over already may stay so while something else of it is changed.
  const known = ends === before.until ? 0 : desk.io.wall();
  if (!mayBeGuest({ role, screen: false, until: ends }, known)) return { no: "guest" };
  const refused = await guarded(desk, (book) => ({
    ...book,
    accounts: book.accounts.map((one) => (one.id === id ? changed(one, { role, member, until: ends }) : one)),
  }));
  if (refused === undefined)
    await desk.audit.note({ who: by, did: "account-changed", about: { account: id, role } });
  return refused;
}

/** Erases the account with name, login, password, sessions and tokens; in the audit its id alone remains. */
export async function removeAccount(desk: Desk, { by, id }: By): Promise<Outcome> {
  if (!has(desk, id)) return { no: "gone" };
  const refused = await guarded(desk, (book) => withoutAccount(book, id));
  if (refused === undefined)
    await desk.audit.note({ who: by, did: "account-removed", about: { account: id } });
  return refused;
}

export interface PasswordChange {
  readonly id: string;
  readonly old: string;
  readonly password: string;
  readonly address: string;
}

/** Why the password that one gave again is not taken; under the same back-off as signing in. */
export async function passwordRefusal(desk: Desk, given: Omit<PasswordChange, "password">): Promise<Outcome> {
  const account = desk.kept.now().accounts.find(({ id }) => id === given.id);
  if (account === undefined) return { no: "gone" };
  const attempt = { address: given.address, login: account.login };
  const wait = desk.backoff.waitOf(attempt);
  if (wait > 0) return { no: "wait", ms: wait };
  desk.backoff.failed(attempt);
  const fits = await desk.hasher.fits(given.old, account.password);
  if (fits === undefined) return { no: "busy" };
  if (!fits) return { no: "wrong" };
  desk.backoff.succeeded(attempt);
  return undefined;
}

/** Ends all sessions: whoever knew the old one is out. */
export async function changePassword(desk: Desk, given: PasswordChange): Promise<Outcome> {
  const refused = await passwordRefusal(desk, given);
  if (refused !== undefined) return refused;
  const password = await desk.hasher.hash(given.password);
  if (password === undefined) return { no: "busy" };
  await desk.audit.note({ who: given.id, did: "password-changed" });
  await desk.kept.change((book) => ({
    ...signedOut(book, given.id),
    accounts: book.accounts.map((one) => (one.id === given.id ? { ...one, password } : one)),
  }));
  return undefined;
}

export async function withdrawInvite(desk: Desk, { by, id }: By): Promise<Outcome> {
  if (!desk.kept.now().invites.some((one) => one.id === id)) return { no: "gone" };
  await desk.audit.note({ who: by, did: "invite-withdrawn", about: { invite: id } });
  await desk.kept.change((book) => ({ ...book, invites: book.invites.filter((one) => one.id !== id) }));
  return undefined;
}

export async function makeToken(
  desk: Desk,
  account: string,
  { name, scopes, days }: NewToken,
): Promise<Secret | Refusal> {
  const own = desk.kept.now().tokens.filter((one) => one.account === account);
  if (own.length >= TOKENS_OF_ONE_MAX) return { no: "full" };
  const secret = newSecret(desk);
  const id = newId(desk, "token");
  const expiresAt = desk.io.wall() + days * DAY_MS;
  const token = { id, hash: digestOf(secret), account, name, scopes, expiresAt };
  await desk.audit.note({ who: account, did: "token-made", about: { token: id, days } });
  await desk.kept.change((book) => ({ ...book, tokens: [...book.tokens, token] }));
  return { id, secret, expiresAt };
}

/** One's own; `anybodys`: an admin's word on the token of another. */
export async function withdrawToken(
  desk: Desk,
  { by, id, anybodys = false }: By & { readonly anybodys?: boolean },
): Promise<Outcome> {
  const known = desk.kept.now().tokens.some((one) => one.id === id && (anybodys || one.account === by));
  if (!known) return { no: "gone" };
  await desk.audit.note({ who: by, did: "token-withdrawn", about: { token: id } });
  await desk.kept.change((book) => ({ ...book, tokens: book.tokens.filter((one) => one.id !== id) }));
  return undefined;
}

/** All that is kept of a person, but for what only hashes remain of. */
export async function exportOf(
  desk: Desk,
  id: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { accounts, tokens, sessions, trainings, pushes } = desk.kept.now();
  const account = accounts.find((one) => one.id === id);
  if (account === undefined) return undefined;
  await desk.audit.note({ who: id, did: "exported" });
  const { password: _hash, second, ...told } = account;
  return {
    account: { ...told, second: second !== undefined },
    tokens: tokens.filter((one) => one.account === id).map(({ hash: _secret, ...one }) => one),
    sessions: sessions
      .filter((one) => one.account === id)
      .map(({ createdAt, seenAt, device }) => ({ createdAt, seenAt, device })),
    trainings: trainings.filter(({ person }) => person === id),
    pushes: pushes.filter(({ account: one }) => one === id).map(({ account: _own, ...one }) => one),
    deeds: desk.audit.newest(Number.MAX_SAFE_INTEGER).filter(({ who }) => who === id),
  };
}
