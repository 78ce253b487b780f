import { type EmbedGrant, type EmbedTokenUse, embedTokens } from '../../core/embed-token.ts';
import { ApiError } from '../../core/errors.ts';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { type Database, databaseOf } from '../../db/client.ts';
import { type EmbedAuthority, findEmbedByKeyId } from '../../db/public-keys.ts';
import type { AppContext } from '../app-env.ts';
import { mayEmbed, originNotAllowed } from '../middleware/allowed-origin.ts';
import { countVisitor, inForce } from '../middleware/public-key.ts';

/** What a signed token allows, and the database in which its link is. */
export interface ReadGrant {
  readonly grant: EmbedGrant;
  readonly database: Database;
  readonly shard: string;
}

/**
 * What a token of ours allows, where it is young enough for this use. Reads no storage. Throws `invalid_embed_token`.
 */
export async function readGrant(c: AppContext, token: string | undefined, use: EmbedTokenUse): Promise<ReadGrant> {
  const tokens = await embedTokens(c.var.config.secretsKey);
  const grant = token === undefined ? null : await tokens.read(token, use, Date.now());
  const parsed = grant ? parsePaymentLinkToken(grant.link) : null;
  const database = parsed ? databaseOf(c.env, parsed.shard) : null;
  if (grant && parsed && database) return { grant, database, shard: parsed.shard };
  throw new ApiError(
    'invalid_embed_token',
    'This token is not valid, or too old. Open the checkout again from the page.',
  );
}

/**
 * The key, workspace, account and link of a grant as they are now: since the token was signed the key may have been revoked,
 * its list of origins changed, its workspace suspended. Counts the visitor's requests. Throws `rate_limit_exceeded`,
 * `invalid_api_key`, `origin_not_allowed`, `service_inactive`.
 */
export async function readAuthority(c: AppContext, { grant, database }: ReadGrant): Promise<EmbedAuthority> {
  await countVisitor(c, grant.keyId);
  const embed = inForce(await findEmbedByKeyId(database, grant.keyId, grant.link));
  if (!mayEmbed(embed, grant.origin)) throw originNotAllowed();
  return embed;
}
