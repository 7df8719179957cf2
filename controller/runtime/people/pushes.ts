// Browsers that people let be told by web push: off until somebody switches it on in the own account, erased with that, and
// with a sign-out everywhere. What each may hear is asked of its account at every message, so that a role or house that was taken
// away counts at once.
import type { NewPush, PushAnswer } from "@gridwright/contract/push.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import { type Account, hasEnded, type Push } from "./book.ts";
import { type Desk, newId, type Refusal } from "./people.ts";

const PUSHES_OF_ONE_MAX = 10;

type May = PushAnswer["may"];

/** What an account may be told. */
export const mayHear = ({ role, member }: Pick<Account, "role" | "member">): May => ({
  home: member !== undefined,
  site: mayAs(role, "technician"),
});

export interface Browser {
  readonly account: string;
  readonly browser: Omit<NewPush, "home" | "site"> & May;
  readonly device?: string | undefined;
}

/** Lets a browser be told; the same one again changes what it is told. The oldest of the same person gives way. */
export async function pushOn(desk: Desk, { account, browser, device }: Browser): Promise<void> {
  const { endpoint } = browser;
  const known = desk.kept.now().pushes.find((one) => one.endpoint === endpoint && one.account === account);
  const push: Push = {
    ...{ ...browser, account, id: known?.id ?? newId(desk, "push") },
    createdAt: known?.createdAt ?? desk.io.wall(),
    ...(device !== undefined && { device }),
  };
  await desk.audit.note({ who: account, did: "push-on", about: { push: push.id } });
  await desk.kept.change((book) => {
    const others = book.pushes.filter((one) => one.endpoint !== endpoint);
    const own = others.filter((one) => one.account === account).slice(1 - PUSHES_OF_ONE_MAX);
    return { ...book, pushes: [...others.filter((one) => one.account !== account), ...own, push] };
  });
}

export async function pushOff(
  desk: Desk,
  { by, id }: { by: string; id: string },
): Promise<Refusal | undefined> {
  const isIt = (one: Push): boolean => one.id === id && one.account === by;
  if (!desk.kept.now().pushes.some(isIt)) return { no: "gone" };
  await desk.audit.note({ who: by, did: "push-off", about: { push: id } });
  await desk.kept.change((book) => ({ ...book, pushes: book.pushes.filter((one) => !isIt(one)) }));
  return undefined;
}

/** Its server says that there is no such browser any more. */
export const pushGone = ({ kept }: Desk, endpoint: string): Promise<void> =>
  kept.change((book) => ({ ...book, pushes: book.pushes.filter((one) => one.endpoint !== endpoint) }));

/** For whom a message is: technicians who want the site's alarms, a home's people, or one account's own browsers. */
export type Audience = "site" | { readonly home: string } | { readonly account: string };

function hears(push: Push, account: Account, audience: Audience): boolean {
  const may = mayHear(account);
  if (audience === "site") return may.site && push.site;
  return "home" in audience ? push.home && account.member === audience.home : account.id === audience.account;
}

/** The browsers that hear it now. */
export function browsersOf({ kept, io }: Desk, audience: Audience): readonly Push[] {
  const { accounts, pushes } = kept.now();
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return pushes.filter((push) => {
    const account = byId.get(push.account);
    return account !== undefined && !hasEnded(account, io.wall()) && hears(push, account, audience);
  });
}
