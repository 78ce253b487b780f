import { DEFAULT_SHARD } from './ids.ts';

/** The names under which databases are bound after the first. Each name ends with the shard character of its database. */
const FURTHER_BINDINGS = ['DB_1', 'DB_2', 'DB_3', 'DB_4', 'DB_5', 'DB_6', 'DB_7', 'DB_8', 'DB_9'] as const;

/** The D1 databases of a deployment. `DB` is the first shard, `0`; `DB_1` to `DB_9` are the shards `1` to `9`. */
export type DatabaseBindings = { readonly DB: D1Database } & {
  readonly [Name in (typeof FURTHER_BINDINGS)[number]]?: D1Database;
};

/** A D1 binding and the shard character in every key, token and id of its rows. */
export interface BoundShard {
  readonly shard: string;
  readonly binding: D1Database;
}

/** The databases that are bound, the first shard first. */
export function boundShards(bindings: DatabaseBindings): readonly [BoundShard, ...BoundShard[]] {
  const further = FURTHER_BINDINGS.flatMap((name) => {
    const binding = bindings[name];
    return binding ? [{ shard: name.slice(-1), binding }] : [];
  });
  return [{ shard: DEFAULT_SHARD, binding: bindings.DB }, ...further];
}

/** The same bindings, with each database replaced by what `replace` returns for it. */
export function replaceDatabases<B extends DatabaseBindings>(
  bindings: B,
  replace: (bound: BoundShard) => D1Database,
): B {
  const replaced = boundShards(bindings).map((bound) => [bindingOf(bound.shard), replace(bound)] as const);
  return { ...bindings, ...Object.fromEntries(replaced) };
}

/** The name under which the database of a shard is bound: `DB` for the shard `0`, `DB_3` for the shard `3`. */
export function bindingOf(shard: string): string {
  return shard === DEFAULT_SHARD ? 'DB' : `DB_${shard}`;
}

/** The shard of a binding's name. null: no database of ours has this name. */
export function shardOfBinding(name: string): string | null {
  if (name === 'DB') return DEFAULT_SHARD;
  return FURTHER_BINDINGS.find((known) => known === name)?.slice(-1) ?? null;
}
