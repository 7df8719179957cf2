// The service worker: it keeps the page itself (no data of the site) in this browser, so that the page opens at once and
// without the controller's computer, and shows the notices that its owner switched on. What it keeps belongs to one build; a newer
// build replaces it whole. It must not touch the API: what is live is never answered from memory.
import type { PushNotice } from "@gridwright/contract/push.ts";

/** Written in front of this script by the build: what the page consists of, and a name for exactly that. */
declare const SHELL: { readonly version: string; readonly files: readonly string[] };

interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Asked extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Pushed extends Lasting {
  readonly data: { json(): PushNotice } | null;
}
interface Clicked extends Lasting {
  readonly notification: { close(): void };
}
interface Scope {
  readonly registration: {
    readonly scope: string;
    showNotification(
      title: string,
      options: NotificationOptions & { readonly timestamp: number },
    ): Promise<void>;
  };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(which: { type: "window" }): Promise<readonly { focus(): Promise<unknown> }[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(kind: "fetch", listener: (event: Asked) => void): void;
  addEventListener(kind: "push", listener: (event: Pushed) => void): void;
  addEventListener(kind: "notificationclick", listener: (event: Clicked) => void): void;
}
declare const self: Scope;

const OURS = "gridwright-page-";
const CACHE = OURS + SHELL.version;
const FETCH_DEADLINE_MS = 15_000;
/** The page itself, as it is asked for. */
const PAGE = "./";
/** Named by their content, so the browser's own copy is as good as a new one. */
const HASHED = /^assets\//;

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  const asked = SHELL.files.map(
    (path) => new Request(path, { cache: HASHED.test(path) ? "default" : "no-cache" }),
  );
  await cache.addAll(asked);
  await self.skipWaiting();
}

async function dropOlder(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

/** The file of the page that is asked for; undefined: none of them, so the network answers. */
function fileOf({ method, mode, url }: Request): string | undefined {
  if (method !== "GET" || !url.startsWith(self.registration.scope)) return undefined;
  const [path = ""] = url.slice(self.registration.scope.length).split(/[?#]/);
  if (path === "" || path === "index.html") return mode === "navigate" ? PAGE : undefined;
  return SHELL.files.includes(path) ? path : undefined;
}

async function kept(file: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const found = await cache.match(file, { ignoreVary: true });
  return found ?? fetch(request, { signal: AbortSignal.timeout(FETCH_DEADLINE_MS) });
}

async function show({ data }: Pushed): Promise<void> {
  if (data === null) return;
  const { title, text, tag, at } = data.json();
  await self.registration.showNotification(title, { body: text, tag, timestamp: at, icon: "icon-192.png" });
}

async function openPage(): Promise<void> {
  const [open] = await self.clients.matchAll({ type: "window" });
  await (open?.focus() ?? self.clients.openWindow(self.registration.scope));
}

self.addEventListener("install", (event) => event.waitUntil(keepShell()));
self.addEventListener("activate", (event) => event.waitUntil(dropOlder()));
self.addEventListener("fetch", (event) => {
  const file = fileOf(event.request);
  if (file !== undefined) event.respondWith(kept(file, event.request));
});
self.addEventListener("push", (event) => event.waitUntil(show(event)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage());
});
