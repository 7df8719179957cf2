// Where people are signed in, ending that, and the way back for who forgot the password: an admin's one-time link. The
// admin never learns the new password, and the audit says who made the link.
import type { TakeReset } from "@gridwright/contract/people.ts";
import { hasEnded, RESET_LASTS_MS, type Session, sessionId, signedOut } from "./book.ts";
import type { By } from "./changes.ts";
import { digestOf } from "./digest.ts";
import {
  type Desk,
  newId,
  newSecret,
  type Opened,
  openSession,
  type Refusal,
  type Secret,
} from "./people.ts";
import { secondRefusal } from "./second.ts";

/** Sessions of an account that may still be used, newest first; of `undefined`: the screens. */
export const sessionsOf = ({ kept, presence }: Desk, account: string | undefined): readonly Session[] =>
  kept
    .now()
    .sessions.filter((one) => one.account === account && presence.isAlive(one))
    .toSorted((a, b) => b.createdAt - a.createdAt);

async function end(desk: Desk, which: (session: Session) => boolean): Promise<void> {
  await desk.kept.change((book) => ({ ...book, sessions: book.sessions.filter((one) => !which(one)) }));
}

/** Ends one of one's own. */
export async function endSession(desk: Desk, { by, id }: By): Promise<Refusal | undefined> {
  const ends = (one: Session): boolean => one.account === by && sessionId(one) === id;
  if (!desk.kept.now().sessions.some(ends)) return { no: "gone" };
  await desk.audit.note({ who: by, did: "session-ended" });
  await end(desk, ends);
  return undefined;
}

/** Signs out everywhere, here too. */
export async function endSessions(desk: Desk, by: string): Promise<void> {
  await desk.audit.note({ who: by, did: "sessions-ended" });
  await desk.kept.change((book) => signedOut(book, by));
}

export async function endScreen(desk: Desk, { by, id }: By): Promise<Refusal | undefined> {
  const ends = (one: Session): boolean => one.account === undefined && sessionId(one) === id;
  if (!desk.kept.now().sessions.some(ends)) return { no: "gone" };
  await desk.audit.note({ who: by, did: "screen-ended", about: { screen: id } });
  await end(desk, ends);
  return undefined;
}

/** A link by which the account's owner chooses a new password; an older one is void from now on. */
export async function makeReset(desk: Desk, { by, id }: By): Promise<Secret | Refusal> {
  if (desk.kept.now().accounts.every((one) => one.id !== id)) return { no: "gone" };
  const secret = newSecret(desk);
  const now = desk.io.wall();
  const expiresAt = now + RESET_LASTS_MS;
  await desk.audit.note({ who: by, did: "reset-made", about: { account: id } });
  await desk.kept.change((book) => ({
    ...book,
    resets: [
      ...book.resets.filter((old) => old.account !== id && now < old.expiresAt),
      { hash: digestOf(secret), account: id, expiresAt },
    ],
  }));
  return { id: newId(desk, "reset"), secret, expiresAt };
}

export interface TakingReset extends TakeReset {
  readonly address: string;
  readonly device?: string | undefined;
}

/** Uses the link up: the password is the new one, all sessions end, and one begins. */
export async function takeReset(
  desk: Desk,
  { reset, password: chosen, code, device, address }: TakingReset,
): Promise<Opened | Refusal> {
  const hash = digestOf(reset);
  const open = () =>
    desk.kept.now().resets.find((one) => one.hash === hash && desk.io.wall() < one.expiresAt);
  const known = desk.kept.now().accounts.find(({ id }) => id === open()?.account);
  if (known === undefined) return { no: "gone" };
  if (hasEnded(known, desk.io.wall())) return { no: "ended" };
  const refused = await secondRefusal(desk, known, { code, address });
  if (refused !== undefined) return refused;
  const password = await desk.hasher.hash(chosen);
  if (password === undefined) return { no: "busy" };
  let account: string | undefined;
  await desk.kept.change((book) => {
    account = open()?.account;
    if (account === undefined) return undefined;
    return {
      ...signedOut(book, account),
      accounts: book.accounts.map((one) => (one.id === account ? { ...one, password } : one)),
      resets: book.resets.filter((one) => one.account !== account),
    };
  });
  const owner = desk.kept.now().accounts.find(({ id }) => id === account);
  if (owner === undefined) return { no: "gone" };
  await desk.audit.note({ who: owner.id, did: "password-reset" });
  return openSession(desk, { account: owner.id, role: owner.role, device });
}
