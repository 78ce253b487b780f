import { decryptSecret, encryptSecret, type SecretsKeyring } from '../../core/crypto.ts';
import { describeError, logLine } from '../../core/log.ts';
import { listSealedUnder, type Resealed, type SealedSecrets, updateSealed } from '../../db/sealed-secrets.ts';
import type { PlatformContext } from '../context.ts';

/** How many endpoints one run handles; the next run handles the rest. */
const AT_ONCE = 300;

/**
 * Seals webhook secrets anew that are sealed under an older version of SECRETS_KEY, so that this version can be removed
 * later. A run handles at most 300 endpoints in two round trips; with only one version in SECRETS_KEY it does nothing.
 * A previous secret that has ended is deleted. A secret that cannot be opened stays as it is and is logged.
 */
export async function resealSecrets(context: PlatformContext): Promise<void> {
  const keyring = await context.keyring();
  const { version } = keyring.current;
  const older = [...keyring.byVersion.keys()].filter((one) => one !== version);
  if (older.length === 0) return;
  const found = await listSealedUnder(context.database, older, AT_ONCE);
  const sealed = await Promise.all(found.map((read) => resealedOrNull(keyring, read, context.now())));
  const resealed = sealed.filter((one) => one !== null);
  if (resealed.length === 0) return;
  const count = await updateSealed(context.database, resealed);
  logLine('info', 'secrets sealed anew', { version, count });
}

async function resealedOrNull(keyring: SecretsKeyring, read: SealedSecrets, now: number): Promise<Resealed | null> {
  const bound = [read.workspaceId, read.id];
  const reseal = async (sealed: string) => {
    if (sealed.startsWith(`${keyring.current.version}.`)) return sealed;
    return await encryptSecret(keyring, await decryptSecret(keyring, sealed, bound), bound);
  };
  const { sealedSecret, sealedPreviousSecret, previousSecretValidUntil } = read;
  const previous = (previousSecretValidUntil ?? 0) > now ? sealedPreviousSecret : null;
  try {
    return {
      read,
      sealedSecret: await reseal(sealedSecret),
      sealedPreviousSecret: previous === null ? null : await reseal(previous),
    };
  } catch (error) {
    logLine('error', 'secret not sealed anew', { endpoint: read.id, error: describeError(error) });
    return null;
  }
}
