// The story with its filters, page by page back to where the journal begins.
import { ACTS, type Act } from "@gridwright/contract/acts.ts";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Context } from "../context.ts";
import { groupsOf } from "../loads/loads.ts";
import { entriesOf } from "../story/story.ts";
import { entryView } from "../story/story-view.ts";
import { orderIn } from "../text/per-language.ts";
import { type Tell, tellIn } from "../view/words.ts";
import { fits, PERIODS, type Period, type StoryBook, together, type Wanted } from "./story-book.ts";

const ALL = "*";
const OWN = "own";

interface Choice {
  readonly value: string;
  readonly text: string;
}

interface Choosing {
  readonly label: string;
  readonly chosen: string;
  readonly all: readonly Choice[];
  readonly choose: (value: string) => void;
}

const choiceView = ({ label, chosen, all, choose }: Choosing): TemplateResult => html`<label>
  ${label}
  <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
    ${all.map(({ value, text }) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
  </select>
</label>`;

/** Everything, the own home, and each thing that is ever switched or steered, by its name. */
function subjects({ known, me, language }: Context, tell: Tell): readonly Choice[] {
  const order = orderIn(language);
  const loads = new Set(groupsOf(known).flatMap((group) => group.loads.map(({ asset }) => asset.id)));
  const assets = known.site.assets
    .filter(({ id, kind, switched }) => switched && (loads.has(id) || kind !== "load"))
    .map(({ id, name }) => ({ value: id, text: name }))
    .sort((a, b) => order(a.text, b.text));
  const own = me?.person?.member === undefined ? [] : [{ value: OWN, text: tell("book-own") }];
  return [{ value: ALL, text: tell("book-everything") }, ...own, ...assets];
}

function subjectOf(value: string, { me }: Context): Wanted {
  const member = value === OWN ? me?.person?.member : undefined;
  return { member, asset: value === ALL || value === OWN ? undefined : value };
}

function filtersView(book: StoryBook, context: Context, tell: Tell): TemplateResult {
  const { plant } = context;
  const { asset, member, act, period } = book.wanted;
  return html`<div class="filters">
    ${choiceView({
      label: tell("book-asset"),
      chosen: member === undefined ? (asset ?? ALL) : OWN,
      all: subjects(context, tell),
      choose: (value) => book.choose(subjectOf(value, context), plant),
    })}
    ${choiceView({
      label: tell("book-act"),
      chosen: act ?? ALL,
      all: [
        { value: ALL, text: tell("book-act-any") },
        ...ACTS.map((one) => ({ value: one, text: tell(`book-act-${one}`) })),
      ],
      choose: (value) => book.choose({ act: ACTS.find((one): one is Act => one === value) }, plant),
    })}
    ${choiceView({
      label: tell("book-period"),
      chosen: period ?? ALL,
      all: [
        { value: ALL, text: tell("book-period-all") },
        ...periods.map((one) => ({ value: one, text: tell(`book-period-${one}`) })),
      ],
      choose: (value) => book.choose({ period: periods.find((one) => one === value) }, plant),
    })}
  </div>`;
}
const periods = Object.keys(PERIODS) as readonly Period[];

/** What stands below the entries: reading, trouble, older ones, or the end. */
function footView(book: StoryBook, context: Context, { tell, none }: { tell: Tell; none: boolean }) {
  const { clock, plant } = context;
  const older = () => void book.older(plant);
  if (book.busy) return html`<p role="status">${tell("book-waiting")}</p>`;
  if (book.why !== undefined)
    return html`<p role="alert">${tell("book-why-not", { why: book.why })}</p>
      <button class="more" @click=${older}>${context.say("view-again")}</button>`;
  if (typeof book.reachedTo === "number") {
    const further = tell("book-further", { when: clock.when(book.reachedTo, plant) });
    return html`<button class="more" @click=${older}>${none ? further : tell("book-older")}</button>`;
  }
  if (none) return html`<p>${tell("book-none")}</p>`;
  return book.wanted.period === undefined ? html`<p class="soft">${tell("book-end")}</p>` : nothing;
}

export function storyBookView(book: StoryBook, context: Context): TemplateResult {
  const { known, plant, language } = context;
  const tell = tellIn(language);
  const live = known.state.decisions.filter((decision) => fits(known.site, book.wanted, decision));
  const newest = book.reachedTo === undefined ? [] : live.filter(({ at }) => at >= (book.reachedTo ?? 0));
  const entries = entriesOf(together(newest, book.read, book.from(plant)));
  return html`<section class="card story book" aria-labelledby="book">
    <h2 id="book">${tell("book")}</h2>
    ${filtersView(book, context, tell)}
    <ol class="entries">
      ${repeat(
        entries,
        ({ id }) => id,
        (entry) => entryView(entry, context),
      )}
    </ol>
    ${footView(book, context, { tell, none: entries.length === 0 })}
  </section>`;
}
