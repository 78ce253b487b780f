/** A decoded form-encoded body or query. Every leaf is text; lists are trees with the keys `0`, `1`, …. */
export type FormValue = string | FormTree;
export interface FormTree {
  [key: string]: FormValue;
}

export function isTree(value: unknown): value is FormTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A tree without a prototype, so that `__proto__` is a parameter like any other. */
export function emptyTree(): FormTree {
  return Object.create(null);
}

/**
 * Decodes Stripe's form encoding: `a[b][0][c]=v` nests, `a[]=v` appends. A later value replaces an earlier one.
 */
export function decodeForm(encoded: string): FormTree {
  const root = emptyTree();
  for (const [name, value] of new URLSearchParams(encoded)) {
    const path = splitName(name);
    const last = path.pop() ?? '';
    let node = root;
    for (const part of path) node = childOf(node, part);
    node[last === '' ? nextIndex(node) : last] = value;
  }
  return root;
}

/** The path of a bracketed name; text with unbalanced brackets is one plain name. */
function splitName(name: string): string[] {
  const open = name.indexOf('[');
  if (open <= 0 || !/^[^[\]]+(\[[^[\]]*\])+$/.test(name)) return [name];
  return [name.slice(0, open), ...name.slice(open + 1, -1).split('][')];
}

function childOf(node: FormTree, part: string): FormTree {
  const key = part === '' ? nextIndex(node) : part;
  const existing = node[key];
  if (isTree(existing)) return existing;
  const child = emptyTree();
  node[key] = child;
  return child;
}

function nextIndex(node: FormTree): string {
  return String(Object.keys(node).length);
}

/** A text that is the same for the same parameters in any order. */
export function canonicalText(value: FormValue): string {
  if (!isTree(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] ?? '')}`);
  return `{${members.join(',')}}`;
}
