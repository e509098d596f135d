/** Gathers items and hands them on together. */
export interface Pile<T> {
  add(item: T, weight: number): Promise<void>;
  /** Hands on what is left, if anything is. */
  flush(): Promise<void>;
}

/** Hands items on as soon as they are so many or so heavy together. */
export function openPile<T>(
  most: { readonly items: number; readonly weight: number },
  handOn: (items: readonly T[]) => Promise<void>,
): Pile<T> {
  let items: T[] = [];
  let heavy = 0;
  const flush = async () => {
    if (items.length === 0) return;
    const all = items;
    items = [];
    heavy = 0;
    await handOn(all);
  };
  return {
    flush,
    async add(item, weight) {
      items.push(item);
      heavy += weight;
      if (items.length >= most.items || heavy >= most.weight) await flush();
    },
  };
}
