// The book of accounts, invitations, sessions and tokens: a value, and what follows from it. Secrets are in it as hashes
// only. Pure: time comes as an argument.
import type { Person } from "@gridwright/contract/people.ts";
import { PushKeys } from "@gridwright/contract/push.ts";
import { mayAs, PERSON_ROLES, type PersonRole, SCOPES, type Scope } from "@gridwright/contract/roles.ts";
import { Training } from "@gridwright/contract/training.ts";
import { z } from "zod";

export const DEVICE_CHARS_MAX = 40;
const Hash = z.string().regex(/^[\w-]{43}$/);
const Id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const Role = z.enum(PERSON_ROLES);
const Time = z.number();

const Account = z.strictObject({
  id: Id,
  login: z.string(),
  name: z.string(),
  role: Role,
  member: Id.optional(),
  password: z.string(),
  createdAt: Time,
  /** A guest: from then on nothing lets it in. */
  until: Time.optional(),
  /** Its end is in the audit. */
  endNoted: z.literal(true).optional(),
  /** The second step of signing in, once a code has proven that the phone took it. */
  second: z
    .strictObject({
      /** base32; whoever reads this file can make codes. */
      secret: z.string(),
      /** Steps of 30 s whose codes were used lately. */
      used: z.array(z.int()),
      recovery: z.array(Hash),
    })
    .optional(),
});
export type Account = z.infer<typeof Account>;
const Invite = z.strictObject({
  id: Id,
  hash: Hash,
  role: Role,
  member: Id.optional(),
  screen: z.boolean(),
  /** Made by the first start, not by a person. */
  setUp: z.boolean(),
  /** Of the guest's account. */
  until: Time.optional(),
  expiresAt: Time,
});
export type Invite = z.infer<typeof Invite>;
const Session = z.strictObject({
  hash: Hash,
  /** Absent: a screen. */
  account: Id.optional(),
  role: Role,
  createdAt: Time,
  seenAt: Time,
  /** Browser and system, as they named themselves. */
  device: z.string().max(DEVICE_CHARS_MAX).optional(),
});
export type Session = z.infer<typeof Session>;
const Token = z.strictObject({
  id: Id,
  hash: Hash,
  account: Id,
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  expiresAt: Time,
});
export type Token = z.infer<typeof Token>;

/** A browser that is told by web push. */
const Push = z.strictObject({
  id: Id,
  account: Id,
  endpoint: z.string(),
  keys: PushKeys,
  language: z.enum(["en", "es"]),
  home: z.boolean(),
  site: z.boolean(),
  createdAt: Time,
  device: z.string().max(DEVICE_CHARS_MAX).optional(),
});
export type Push = z.infer<typeof Push>;

/** A one-time link by which an account's owner chooses a new password. */
const Reset = z.strictObject({ hash: Hash, account: Id, expiresAt: Time });

export const Book = z.strictObject({
  version: z.literal(1),
  accounts: z.array(Account),
  invites: z.array(Invite),
  sessions: z.array(Session),
  tokens: z.array(Token),
  resets: z.array(Reset).default([]),
  trainings: z.array(Training).default([]),
  pushes: z.array(Push).default([]),
  /** From this role on a second step is a must. */
  secondFrom: z.enum(["technician", "admin"]).optional(),
});
export type Book = z.infer<typeof Book>;

export const EMPTY_BOOK: Book = {
  version: 1,
  accounts: [],
  invites: [],
  sessions: [],
  tokens: [],
  resets: [],
  trainings: [],
  pushes: [],
};
export const ACCOUNTS_MAX = 500;
export const INVITES_MAX = 100;
const SESSIONS_OF_ONE_MAX = 10;
export const TOKENS_OF_ONE_MAX = 20;
const DAY_MS = 86_400_000;
export const INVITE_LASTS_MS = 7 * DAY_MS;
export const RESET_LASTS_MS = DAY_MS;
/** A guest stays at most a year. */
const GUEST_MS_MAX = 366 * DAY_MS;
export const SESSION_IDLE_MS = 30 * DAY_MS;
/** A screen hangs on the wall and signs in to nothing. */
const SCREEN_LASTS_MS = 5 * 366 * DAY_MS;

/** Who has this role must have a second step. */
export const mustHaveSecond = ({ secondFrom }: Book, role: PersonRole): boolean =>
  secondFrom !== undefined && mayAs(role, secondFrom);
const secondIsDue = (book: Book, { role, second }: Account): boolean =>
  second === undefined && mustHaveSecond(book, role);

/** Who asks, and what a token narrows that to. */
export interface Asker {
  readonly person: Person;
  readonly scopes: readonly Scope[];
}

/** A guest whose time is over. */
export const hasEnded = ({ until }: Pick<Account, "until">, now: number): boolean =>
  until !== undefined && now >= until;

/** Nobody, once a guest's time is over. */
export const stillIn = (asker: Asker | undefined, now: number): Asker | undefined =>
  asker === undefined || hasEnded(asker.person, now) ? undefined : asker;

/** A person, viewer or member, whose end lies ahead of `now`, within a year; who has no end is no guest. */
export const mayBeGuest = (
  { role, screen, until }: Pick<Invite, "role" | "screen"> & { readonly until?: number | undefined },
  now: number,
): boolean =>
  until === undefined ||
  (!screen && !mayAs(role, "technician") && until > now && (now === 0 || until - now <= GUEST_MS_MAX));

/** How long a session lasts unused. */
export const idleMax = ({ account }: Pick<Session, "account">): number =>
  account === undefined ? SCREEN_LASTS_MS : SESSION_IDLE_MS;

type IsAlive = (session: Session) => boolean;

/** `due`: it must set its second step up before it may do anything else. */
const personOf = ({ id, name, role, member, until }: Account, via: Person["via"], due = false): Person => ({
  id,
  name,
  role,
  ...(member !== undefined && { member }),
  ...(until !== undefined && { until }),
  ...(due && { secondDue: true }),
  via,
});

export function bySession(book: Book, hash: string, isAlive: IsAlive): Asker | undefined {
  const session = book.sessions.find((one) => one.hash === hash);
  if (session === undefined || !isAlive(session)) return undefined;
  if (session.account === undefined)
    return { person: { id: "screen", name: "", role: session.role, via: "screen" }, scopes: ["read"] };
  const account = book.accounts.find(({ id }) => id === session.account);
  return account && { person: personOf(account, "session", secondIsDue(book, account)), scopes: SCOPES };
}

export function byToken(book: Book, hash: string, now: number): Asker | undefined {
  const token = book.tokens.find((one) => one.hash === hash);
  const account = book.accounts.find(({ id }) => id === token?.account);
  if (token === undefined || account === undefined || now >= token.expiresAt) return undefined;
  return { person: personOf(account, "token"), scopes: token.scopes };
}

export const openInvite = (book: Book, hash: string, now: number): Invite | undefined =>
  book.invites.find((one) => one.hash === hash && now < one.expiresAt);

export const hasAdmin = (book: Book): boolean => book.accounts.some(({ role }) => mayAs(role, "admin"));

/** Names a session to its owner; says nothing of its secret. */
export const sessionId = ({ hash }: Pick<Session, "hash">): string =>
  `session-${Buffer.from(hash, "base64url").toString("hex").slice(0, 10)}`;

/** The book with a session more; the oldest of the same person gives way. */
export function withSession(book: Book, session: Session, isAlive: IsAlive): Book {
  const alive = book.sessions.filter(isAlive);
  const same = alive.filter(({ account }) => account === session.account);
  const others = alive.filter(({ account }) => account !== session.account);
  return { ...book, sessions: [...others, ...same.slice(1 - SESSIONS_OF_ONE_MAX), session] };
}

/** The book with the account signed out everywhere: nothing is told to its browsers any more either. */
export const signedOut = (book: Book, id: string): Book => ({
  ...book,
  sessions: book.sessions.filter(({ account }) => account !== id),
  pushes: book.pushes.filter(({ account }) => account !== id),
});

/** The book without the account and all that let it in. */
export const withoutAccount = (book: Book, id: string): Book => ({
  ...signedOut(book, id),
  accounts: book.accounts.filter((one) => one.id !== id),
  tokens: book.tokens.filter(({ account }) => account !== id),
  resets: book.resets.filter(({ account }) => account !== id),
  trainings: book.trainings.filter(({ person }) => person !== id),
});
