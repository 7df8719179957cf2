// This browser's own side of web push: whether it can be told, by which address, and the end of that. What it is told is chosen
// and kept with the account.
import type { NewPush } from "@gridwright/contract/push.ts";

const manager = async (): Promise<PushManager | undefined> => {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return undefined;
  return (await navigator.serviceWorker.getRegistration())?.pushManager;
};

/** The address by which it is told now; null: none; undefined: it cannot be told at all. */
export async function pushAddress(): Promise<string | null | undefined> {
  const asked = await manager();
  return asked && ((await asked.getSubscription())?.endpoint ?? null);
}

/** Lets it be told by the site of `key`. The browser asks its owner. Rejects with its own word where it does not. */
export async function subscribe(key: string): Promise<Pick<NewPush, "endpoint" | "keys">> {
  const asked = await manager();
  if (asked === undefined) throw new Error("no service worker");
  // One of another key, or of another account, must not stay behind.
  await (await asked.getSubscription())?.unsubscribe();
  const made = await asked.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { p256dh = "", auth = "" } = made.toJSON().keys ?? {};
  return { endpoint: made.endpoint, keys: { p256dh, auth } };
}

/** From now on nothing reaches it; its maker's server tells the site so at the next try. */
export async function unsubscribe(): Promise<void> {
  await (await (await manager())?.getSubscription())?.unsubscribe();
}
