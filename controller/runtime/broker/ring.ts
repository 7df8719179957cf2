// A queue that costs the same at any length: a growing ring instead of an array that is shifted.

export interface Ring<T> {
  push(item: T): void;
  shift(): T | undefined;
  readonly length: number;
}

const START_SLOTS = 64;

/** A first-in first-out queue; its storage doubles when full. Whoever fills it bounds it. */
export function createRing<T>(): Ring<T> {
  let slots: (T | undefined)[] = new Array(START_SLOTS);
  let head = 0;
  let length = 0;
  const grow = (): void => {
    slots = [...slots.slice(head), ...slots.slice(0, head), ...new Array<T | undefined>(slots.length)];
    head = 0;
  };
  return {
    push(item) {
      if (length === slots.length) grow();
      slots[(head + length) & (slots.length - 1)] = item;
      length += 1;
    },
    shift() {
      if (length === 0) return undefined;
      const item = slots[head];
      slots[head] = undefined;
      head = (head + 1) & (slots.length - 1);
      length -= 1;
      return item;
    },
    get length() {
      return length;
    },
  };
}
