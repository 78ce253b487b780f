import type { Database } from '../../db/client.ts';
import { deleteExpiredInvitations } from '../../db/invitations.ts';
import { deleteExpiredSignIns } from '../../db/sign-in.ts';

/**
 * Deletes what has expired: sessions, codes, counts, invitations. `directory`: the database of the first shard. `now`: unix
 * ms.
 */
export async function pruneSignIns(directory: Database, now: number): Promise<void> {
  await Promise.all([deleteExpiredSignIns(directory, now), deleteExpiredInvitations(directory, now)]);
}
