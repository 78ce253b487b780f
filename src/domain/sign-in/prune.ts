import type { Database } from '../../db/client.ts';
import { deleteExpiredSignIns } from '../../db/sign-in.ts';

/** Deletes what has expired: sessions, codes, counts. `directory`: the database of the first shard. `now`: unix ms. */
export async function pruneSignIns(directory: Database, now: number): Promise<void> {
  await deleteExpiredSignIns(directory, now);
}
