// Plant time for what people say over HTTP; before control was heard the wall clock stands in.
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import type { Web } from "./options.ts";

/** ms since 1970 UTC. */
export const nowOf = ({ view, io }: Pick<Web, "view" | "io">): Epoch => epoch(view.head.t ?? io.wall());
