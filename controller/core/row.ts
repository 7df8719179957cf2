// Values by name where all names are known beforehand, as a site's points and poll groups are. The names stand once
// beside the model and an instant is a row of values: the next instant costs a copied row, not a new map of names.

/** What a reader of an instant needs; a Map is one too. */
export interface ByName<T> {
  get(name: string): T | undefined;
  /** In no order that means anything; undefined: that name has no value. */
  values(): Iterable<T | undefined>;
}

/** Where each name stands in a row. */
export type Places = ReadonlyMap<string, number>;

export const placesOf = (names: Iterable<string>): Places =>
  new Map([...names].map((name, place) => [name, place]));

export class Row<T> implements ByName<T> {
  readonly places: Places;
  readonly at: (T | undefined)[];

  constructor(places: Places, at: readonly (T | undefined)[] = new Array(places.size).fill(undefined)) {
    this.places = places;
    this.at = [...at];
  }

  get(name: string): T | undefined {
    const place = this.places.get(name);
    return place === undefined ? undefined : this.at[place];
  }

  /** A name that has no place is no name of this site: its value is dropped. */
  set(name: string, value: T): void {
    const place = this.places.get(name);
    if (place !== undefined) this.at[place] = value;
  }

  values(): readonly (T | undefined)[] {
    return this.at;
  }

  copy(): Row<T> {
    return new Row(this.places, this.at);
  }
}
