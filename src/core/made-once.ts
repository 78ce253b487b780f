/** Returns a function that calls `make` once for each object and then returns the same result for that object again. */
export function madeOnce<Key extends WeakKey, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new WeakMap<Key, Made>();
  return (key) => {
    const earlier = made.get(key);
    if (earlier !== undefined) return earlier;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}
