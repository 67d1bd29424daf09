/**
 * An array whose items are fetched when they are read: for whoever only indexes, loops and slices, it is an array. What
 * is behind it may grow, shrink, and keep its items elsewhere or not at all.
 */
export function lazyArray<T>(length: () => number, at: (index: number) => T | undefined): readonly T[] {
  /** The index that a property's name stands for; -1: none, or one beyond the end. */
  const indexOf = (key: string | symbol): number => {
    if (typeof key !== 'string') return -1;
    const index = Number(key);
    return Number.isInteger(index) && index >= 0 && index < length() && String(index) === key ? index : -1;
  };
  // the array's own methods find the proxy as `this`, so what they read goes through here too
  return new Proxy<T[]>([], {
    get(target, key) {
      if (key === 'length') return length();
      const index = indexOf(key);
      return index < 0 ? Reflect.get(target, key) : at(index);
    },
    has: (target, key) => indexOf(key) >= 0 || Reflect.has(target, key),
    ownKeys: () => [...Array.from({ length: length() }, (_, index) => String(index)), 'length'],
    getOwnPropertyDescriptor(_, key) {
      if (key === 'length') return { value: length(), writable: true, enumerable: false, configurable: false };
      const index = indexOf(key);
      return index < 0 ? undefined : { value: at(index), writable: true, enumerable: true, configurable: true };
    },
    set: () => false,
    deleteProperty: () => false,
    defineProperty: () => false,
  });
}
