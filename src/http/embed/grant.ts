import type { Mode } from '../../core/api-keys.ts';
import { type EmbedGrant, type EmbedTokenUse, embedTokens } from '../../core/embed-token.ts';
import { ApiError, unavailable } from '../../core/errors.ts';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { logLine } from '../../core/log.ts';
import { type EmbedAuthority, findEmbedByKeyId } from '../../db/api-keys.ts';
import { type Database, databaseOf } from '../../db/client.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { linkRefusal, linkRefusalError } from '../../domain/links/readiness.ts';
import type { Config } from '../../env.ts';
import type { AppContext } from '../app-env.ts';
import { mayEmbed, originNotAllowed } from '../middleware/origin.ts';
import { countVisitor, inForce } from '../middleware/public-key.ts';

/** What a signed token of the widget allows, and the database and shard in which its payment link is stored. */
export interface ReadGrant {
  readonly grant: EmbedGrant;
  readonly database: Database;
  readonly shard: string;
}

/** Reads a signed token. Throws `invalid_embed_token` if it is not ours or too old for `use`. Reads no database. */
export async function readGrant(c: AppContext, token: string | undefined, use: EmbedTokenUse): Promise<ReadGrant> {
  const tokens = await embedTokens(c.var.config);
  const grant = token === undefined ? null : await tokens.read(token, use, Date.now());
  const parsed = grant ? parsePaymentLinkToken(grant.link) : null;
  const database = parsed ? databaseOf(c.env, parsed.shard) : null;
  if (!grant || !parsed || !database) {
    throw new ApiError(
      'invalid_embed_token',
      'This token is not valid, or too old. Open the checkout again from the page.',
    );
  }
  c.var.notes.key = grant.keyId;
  return { grant, database, shard: parsed.shard };
}

/**
 * Reads the key, workspace, connected account and link of a grant from the database, because they may have changed
 * since the token was signed. Counts the request in the visitor's rate limit. Throws `rate_limit_exceeded`,
 * `invalid_api_key`, `origin_not_allowed` and `service_inactive`.
 */
export async function readAuthority(c: AppContext, { grant, database }: ReadGrant): Promise<EmbedAuthority> {
  await countVisitor(c, grant.keyId);
  const found = await findEmbedByKeyId(database, grant.keyId, grant.link);
  if (found) c.var.notes.workspace = found.workspace.id;
  const embed = inForce(found);
  if (!mayEmbed(embed, grant.origin)) throw originNotAllowed();
  return embed;
}

/**
 * Returns the link of `embed` if it takes new payments. `now`: unix ms. Throws `not_found`, `payment_link_inactive`,
 * `payment_link_sold_out`, `CONNECT_ACCOUNT_MISSING` and `CONNECT_ACCOUNT_NOT_READY`.
 */
export function openLink(embed: EmbedAuthority, now: number): PaymentLink {
  const link = linkForForm(embed, now);
  if (link.soldOutAt !== null) throw linkRefusalError('sold_out');
  return link;
}

/** Like `openLink`, but also returns a sold-out link: the sent form may have a place, which the gate knows. */
export function linkForForm({ link, workspace, account }: EmbedAuthority, now: number): PaymentLink {
  if (!link) throw new ApiError('not_found', "No payment link with this token in this key's workspace.");
  const refusal = linkRefusal({ link, workspace, account }, now);
  if (refusal && refusal !== 'sold_out') throw linkRefusalError(refusal);
  return link;
}

/** Our publishable key at Stripe for a mode. Throws `service_unavailable` if the operators have not set it. */
export function publishableKeyOf(config: Config, mode: Mode, requestId: string): string {
  const key = config.stripe[mode]?.publishableKey;
  if (key) return key;
  const name = config.stripe[mode] ? 'STRIPE_PUBLISHABLE_KEY' : 'STRIPE_SECRET_KEY';
  const variable = `${name}_${mode === 'live' ? 'LIVE' : 'TEST'}`;
  logLine('error', 'configuration', { request_id: requestId, faults: [`${variable} is missing`] });
  throw unavailable(`The widget is not set up for ${mode} payments.`);
}
