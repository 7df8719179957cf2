// The line to the services process: server-sent events with a snapshot first. Closed while the page is hidden, opened
// when it is seen again, with what was missed or a new snapshot; a line that says nothing is opened anew.
import type { ApiDelta, ApiSite, ApiState } from "@gridwright/contract/api.ts";

export interface Listener {
  onSnapshot(site: ApiSite, state: ApiState): void;
  onDelta(delta: ApiDelta): void;
  /** Services said that they are there; what is known is as they know it. */
  onPing(): void;
  onLost(): void;
}

/** A ping comes each 5 s; this long without a word is a dead line. */
const SILENCE_MAX_MS = 12_000;
const LOOK_EVERY_MS = 1_000;
const RETRY_MS = 2_000;
const SITE_DEADLINE_MS = 8_000;

export interface Line {
  open(): void;
  close(): void;
}

const parse = <T>(event: Event): T => JSON.parse((event as MessageEvent<string>).data) as T;

async function fetchSite(): Promise<ApiSite> {
  const answer = await fetch("api/v1/site", { signal: AbortSignal.timeout(SITE_DEADLINE_MS) });
  if (!answer.ok) throw new Error(`site: ${answer.status}`);
  return (await answer.json()) as ApiSite;
}

interface Attempt {
  readonly source: EventSource;
  /** Id of the last event that was heard in full; "": none. */
  lastId: string;
  heardAt: number;
  timer: ReturnType<typeof setInterval> | undefined;
}

function end(attempt: Attempt): void {
  clearInterval(attempt.timer);
  attempt.source.close();
}

/** One connection after the event `lastId`; `onDead` is called at most once, when it must be opened anew. */
function connect(listener: Listener, lastId: string, onDead: () => void): Attempt {
  const attempt: Attempt = {
    source: new EventSource(`api/v1/events${lastId === "" ? "" : `?after=${lastId}`}`),
    lastId,
    heardAt: performance.now(),
    timer: undefined,
  };
  const site = fetchSite();
  const dead = () => {
    end(attempt);
    onDead();
  };
  site.catch(dead);
  attempt.timer = setInterval(() => {
    if (performance.now() - attempt.heardAt > SILENCE_MAX_MS) dead();
  }, LOOK_EVERY_MS);
  let waiting: ApiDelta[] | undefined;
  let newest = lastId;
  attempt.source.addEventListener("snapshot", (event) => {
    attempt.heardAt = performance.now();
    waiting = [];
    newest = event.lastEventId;
    const state = parse<ApiState>(event);
    site.then((known) => {
      listener.onSnapshot(known, state);
      for (const delta of waiting ?? []) listener.onDelta(delta);
      waiting = undefined;
      attempt.lastId = newest;
    }, dead);
  });
  attempt.source.addEventListener("delta", (event) => {
    attempt.heardAt = performance.now();
    const delta = parse<ApiDelta>(event);
    newest = event.lastEventId;
    if (waiting !== undefined) return void waiting.push(delta);
    attempt.lastId = newest;
    return listener.onDelta(delta);
  });
  attempt.source.addEventListener("ping", () => {
    attempt.heardAt = performance.now();
    if (waiting === undefined && attempt.lastId !== "") listener.onPing();
  });
  attempt.source.addEventListener("error", dead);
  return attempt;
}

/** A line that keeps itself open until it is closed. */
export function createLine(listener: Listener): Line {
  let attempt: Attempt | undefined;
  let lastId = "";
  let retry: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    if (attempt !== undefined) return;
    clearTimeout(retry);
    attempt = connect(listener, lastId, () => {
      lastId = attempt?.lastId ?? "";
      attempt = undefined;
      listener.onLost();
      clearTimeout(retry);
      retry = setTimeout(open, RETRY_MS);
    });
  };
  const close = (): void => {
    clearTimeout(retry);
    if (attempt !== undefined) end(attempt);
    lastId = attempt?.lastId ?? lastId;
    attempt = undefined;
  };
  return { open, close };
}
