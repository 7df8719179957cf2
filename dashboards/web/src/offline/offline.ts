// Lets the browser keep the page itself, and takes a newer one as soon as services bring it. Only where the browser allows
// it: on loopback, and by TLS of an authority that this device trusts; elsewhere the page works without.

export interface Offline {
  /** Services are there: the first time the page is kept, later it is looked for a newer one. */
  look(): void;
}

/** True while somebody fills something in, which a reload would throw away. */
const isTyping = (): boolean => document.activeElement?.matches("input, textarea, select") ?? false;

function renew(): void {
  if (!isTyping()) location.reload();
  else document.addEventListener("visibilitychange", () => location.reload(), { once: true });
}

/** A line that broke or an untrusted certificate leaves things as they are; the next look tries again. */
async function refresh(container: ServiceWorkerContainer): Promise<void> {
  const known = await container.getRegistration();
  if (known === undefined) await container.register("worker.js", { updateViaCache: "none" });
  else await known.update();
}

export function keepOffline(): Offline {
  if (!("serviceWorker" in navigator)) return { look: () => undefined };
  const container = navigator.serviceWorker;
  let controlled = container.controller !== null;
  container.addEventListener("controllerchange", () => {
    if (controlled) renew();
    controlled = true;
  });
  return { look: () => void refresh(container).catch(() => undefined) };
}
