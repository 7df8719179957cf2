// How people come in: signing in and out, inviting and being invited. Every deed is in the audit before its answer is
// given; what is refused changes nothing. What becomes of accounts later is in changes.ts.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { JoinAsPerson, NewInvite } from "@gridwright/contract/people.ts";
import type { PersonRole } from "@gridwright/contract/roles.ts";
import type { Audit } from "./audit.ts";
import { type Backoff, createBackoff, SECOND_MEASURES } from "./backoff.ts";
import {
  ACCOUNTS_MAX,
  type Account,
  type Asker,
  type Book,
  bySession,
  byToken,
  DEVICE_CHARS_MAX,
  hasAdmin,
  hasEnded,
  INVITE_LASTS_MS,
  INVITES_MAX,
  type Invite,
  mayBeGuest,
  openInvite,
  stillIn,
  withSession,
} from "./book.ts";
import type { KeptBook } from "./book-file.ts";
import { digestOf } from "./digest.ts";
import { createHasher, type Hasher } from "./password.ts";
import { createPresence, type Presence } from "./presence.ts";
import { createWaiting, secondRefusal, type Waiting } from "./second.ts";

export interface PeopleParts {
  readonly kept: KeptBook;
  readonly audit: Audit;
  readonly io: Clock;
  readonly random: (bytes: number) => Uint8Array;
  /** Houses of the site, which an account may belong to. */
  readonly members: ReadonlySet<string>;
}

/** Why something was not done; nothing changed. */
export type Refusal =
  | { readonly no: "wrong" | "gone" | "taken" | "last-admin" | "unknown-member" | "full" | "busy" }
  | { readonly no: "guest" | "ended" }
  | { readonly no: "second" | "code" | "second-needed" | "second-first" }
  | { readonly no: "wait"; readonly ms: number };
export const isRefusal = (value: object): value is Refusal => "no" in value;

export interface Secret {
  readonly id: string;
  readonly secret: string;
  readonly expiresAt: number;
}
export interface Opened {
  /** The session's secret, for the cookie. */
  readonly secret: string;
}

const SECRET_BYTES = 24;
const ID_BYTES = 5;
const DAY_MS = 86_400_000;
const SEEN_EVERY_MS = DAY_MS;

export interface Desk extends PeopleParts {
  readonly hasher: Hasher;
  readonly backoff: Backoff;
  readonly presence: Presence;
  /** Of codes of the second step. */
  readonly secondBackoff: Backoff;
  readonly waiting: Waiting;
}
export const openDesk = (parts: PeopleParts): Desk => ({
  ...parts,
  hasher: createHasher(parts.random),
  backoff: createBackoff(parts.io),
  presence: createPresence(parts.io),
  secondBackoff: createBackoff(parts.io, SECOND_MEASURES),
  waiting: createWaiting(parts.io),
});

export const newSecret = ({ random }: Desk): string =>
  Buffer.from(random(SECRET_BYTES)).toString("base64url");
export const newId = ({ random }: Desk, kind: string): string =>
  `${kind}-${Buffer.from(random(ID_BYTES)).toString("hex")}`;

/** Who shows this session secret or token; undefined: nobody. */
export function askerOf(
  desk: Desk,
  shown: { readonly session?: string; readonly token?: string },
): Asker | undefined {
  const now = desk.io.wall();
  if (shown.token !== undefined) return stillIn(byToken(desk.kept.now(), digestOf(shown.token), now), now);
  if (shown.session === undefined) return undefined;
  const hash = digestOf(shown.session);
  const asker = stillIn(bySession(desk.kept.now(), hash, desk.presence.isAlive), now);
  if (asker === undefined) return undefined;
  desk.presence.used(hash);
  void noteSeen(desk, hash, now);
  return asker;
}

/** At most once a day, so that looking at the page wears no card; also where a leap of the clock is undone. */
async function noteSeen({ kept }: Desk, hash: string, now: number): Promise<void> {
  const old = kept
    .now()
    .sessions.some((one) => one.hash === hash && Math.abs(now - one.seenAt) > SEEN_EVERY_MS);
  if (!old) return;
  await kept.change((book) => ({
    ...book,
    sessions: book.sessions.map((one) => (one.hash === hash ? { ...one, seenAt: now } : one)),
  }));
}

interface Whose {
  readonly account?: string;
  readonly role: PersonRole;
  readonly device?: string | undefined;
}

export async function openSession(desk: Desk, { device, ...whose }: Whose): Promise<Opened> {
  const secret = newSecret(desk);
  const now = desk.io.wall();
  const named = device === undefined ? {} : { device: device.slice(0, DEVICE_CHARS_MAX) };
  const session = { hash: digestOf(secret), ...whose, ...named, createdAt: now, seenAt: now };
  desk.presence.used(session.hash);
  await desk.kept.change((book) => withSession(book, session, desk.presence.isAlive));
  return { secret };
}

export interface SigningIn {
  readonly login: string;
  readonly password: string;
  readonly address: string;
  /** Of the second step, where the account has one. */
  readonly code?: string | undefined;
  /** Browser and system, for its owner to know a session by. */
  readonly device?: string | undefined;
}

/** The same answer, after the same time, for a wrong password and for a login that does not exist. */
export async function signIn(desk: Desk, given: SigningIn): Promise<Opened | Refusal> {
  const { login, password } = given;
  const wait = desk.backoff.waitOf(given);
  if (wait > 0) return { no: "wait", ms: wait };
  const account = desk.kept.now().accounts.find((one) => one.login === login);
  desk.backoff.failed(given);
  const fits = await desk.hasher.fits(password, account?.password);
  if (fits === undefined) return { no: "busy" };
  if (!fits || account === undefined) {
    await desk.audit.note({ who: "nobody", did: "sign-in-refused", about: { address: given.address } });
    return { no: "wrong" };
  }
  if (hasEnded(account, desk.io.wall())) return { no: "ended" };
  const refused = await secondRefusal(desk, account, given);
  if (refused !== undefined) return refused;
  desk.backoff.succeeded(given);
  await desk.audit.note({ who: account.id, did: "signed-in" });
  return openSession(desk, { account: account.id, role: account.role, device: given.device });
}

export async function signOut({ kept, audit }: Desk, secret: string, who: string): Promise<void> {
  const hash = digestOf(secret);
  await audit.note({ who, did: "signed-out" });
  await kept.change((book) => ({ ...book, sessions: book.sessions.filter((one) => one.hash !== hash) }));
}

export const isMember = ({ members }: Desk, member: string | null | undefined): boolean =>
  member === undefined || member === null || members.has(member);

export async function invite(desk: Desk, by: string, asked: NewInvite): Promise<Secret | Refusal> {
  if (!isMember(desk, asked.member)) return { no: "unknown-member" };
  if (!mayBeGuest(asked, desk.io.wall())) return { no: "guest" };
  if (desk.kept.now().invites.length >= INVITES_MAX) return { no: "full" };
  return writeInvite(desk, by, { ...asked, role: asked.screen ? "viewer" : asked.role, setUp: false });
}

async function writeInvite(
  desk: Desk,
  by: string,
  what: Pick<Invite, "role" | "screen" | "setUp"> & Pick<NewInvite, "member" | "until">,
): Promise<Secret> {
  const { role, screen, setUp, member, until } = what;
  const secret = newSecret(desk);
  const id = newId(desk, "invite");
  const now = desk.io.wall();
  const expiresAt = now + INVITE_LASTS_MS;
  const given = { ...(member && { member }), ...(until !== undefined && { until }) };
  const one = { id, hash: digestOf(secret), role, screen, setUp, ...given, expiresAt };
  await desk.audit.note({ who: by, did: setUp ? "set-up-link" : "invited", about: { invite: id, role } });
  await desk.kept.change((book) => ({
    ...book,
    invites: [...book.invites.filter((old) => now < old.expiresAt && !(setUp && old.setUp)), one],
  }));
  return { id, secret, expiresAt };
}

/** The one-time link of a site that has no admin yet; undefined: it has one. An older one is void from now on. */
export async function setUpInvite(desk: Desk): Promise<Secret | undefined> {
  if (hasAdmin(desk.kept.now())) return undefined;
  return writeInvite(desk, "nobody", { role: "admin", screen: false, setUp: true });
}

/** Takes an invitation: it is used up, and its taker signed in. */
export async function joinAsPerson(
  desk: Desk,
  given: JoinAsPerson,
  device?: string,
): Promise<Opened | Refusal> {
  const found = openInvite(desk.kept.now(), digestOf(given.invite), desk.io.wall());
  if (found === undefined || found.screen) return { no: "gone" };
  const password = await desk.hasher.hash(given.password);
  if (password === undefined) return { no: "busy" };
  const { role, member, until } = found;
  const account: Account = {
    ...{ id: newId(desk, "person"), login: given.login, name: given.name, role, password },
    ...(member !== undefined && { member }),
    ...(until !== undefined && { until }),
    createdAt: desk.io.wall(),
  };
  let refused: Refusal | undefined;
  await desk.kept.change((book) => {
    refused = joinRefusal(book, account, found);
    if (refused !== undefined) return undefined;
    return {
      ...book,
      accounts: [...book.accounts, account],
      invites: book.invites.filter(({ id }) => id !== found.id),
    };
  });
  if (refused !== undefined) return refused;
  await desk.audit.note({ who: account.id, did: "joined", about: { role, invite: found.id } });
  return openSession(desk, { account: account.id, role, device });
}

function joinRefusal(book: Book, { login }: Account, { id }: Invite): Refusal | undefined {
  if (!book.invites.some((one) => one.id === id)) return { no: "gone" };
  if (book.accounts.some((one) => one.login === login)) return { no: "taken" };
  return book.accounts.length >= ACCOUNTS_MAX ? { no: "full" } : undefined;
}

export async function joinAsScreen(desk: Desk, secret: string, device?: string): Promise<Opened | Refusal> {
  const found = openInvite(desk.kept.now(), digestOf(secret), desk.io.wall());
  if (found === undefined || !found.screen) return { no: "gone" };
  await desk.kept.change((book) => ({
    ...book,
    invites: book.invites.filter(({ id }) => id !== found.id),
  }));
  await desk.audit.note({ who: "screen", did: "joined", about: { invite: found.id } });
  return openSession(desk, { role: "viewer", device });
}
