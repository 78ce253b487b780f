import type { Database } from '../../db/client.ts';
import { isInvited } from '../../db/invitations.ts';
import { isPerson } from '../../db/sign-in.ts';
import type { Config } from '../env.ts';

/** True where somebody who is not known yet may sign in with this address. `directory`: the database of the first shard. */
export async function maySignUp(directory: Database, { signUp }: Pick<Config, 'signUp'>, email: string) {
  return signUp === 'open' || (await isInvited(directory, email, Date.now()));
}

/** True where somebody may sign in with this address. `directory`: the database of the first shard. */
export async function maySignIn(directory: Database, config: Pick<Config, 'signUp'>, email: string) {
  return (await isPerson(directory, email)) || (await maySignUp(directory, config, email));
}
