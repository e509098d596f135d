/** Remembers what was made, up to so many; then begins anew. */
export function kept<Key extends string, Made>(make: (key: Key) => Made, most = Infinity): (key: Key) => Made {
  const known = new Map<Key, Made>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= most) known.clear();
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
