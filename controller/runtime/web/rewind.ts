// A plant whose clock goes back (a demo that begins anew) has told things that have not happened yet. They are forgotten
// here, so that they neither stand above what happens now nor come back when their time comes.
import type { ApiAlarm } from "@gridwright/contract/api.ts";
import type { View } from "../live/view.ts";

/** A clock that is set back by less is a correction, not a new beginning. */
export const REWIND_MIN_MS = 60_000;

/** Takes out of the view what a former plant told; true when the plant has begun anew since the last call. */
export type Rewind = (view: View) => boolean;

const keyOf = ({ id, raisedAt }: ApiAlarm): string => `${id}@${raisedAt}`;

function removeGhosts(view: View, ghosts: ReadonlySet<string>): void {
  const real = ({ id }: { readonly id: string }): boolean => !ghosts.has(id);
  view.decisions = view.decisions.filter(real);
  view.cleared = view.cleared.filter((alarm) => !ghosts.has(keyOf(alarm)));
  const news = view.dirty.decisions.filter(real);
  view.dirty.decisions.splice(0, view.dirty.decisions.length, ...news);
}

export function createRewind(): Rewind {
  let last: number | undefined;
  /** Ids of what was told by a former plant: control's snapshots may repeat it. Bounded by what the view keeps. */
  let ghosts: ReadonlySet<string> = new Set();
  return (view) => {
    const { t } = view.head;
    if (t === null) return false;
    const anew = last !== undefined && t < last - REWIND_MIN_MS;
    last = t;
    if (anew)
      ghosts = new Set([
        ...view.decisions.filter(({ at }) => at > t).map(({ id }) => id),
        ...view.cleared.filter(({ raisedAt, clearedAt }) => (clearedAt ?? raisedAt) > t).map(keyOf),
      ]);
    if (ghosts.size > 0) removeGhosts(view, ghosts);
    return anew;
  };
}
