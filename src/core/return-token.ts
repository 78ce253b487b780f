import { madeOnce } from './made-once.ts';
import { signedTokens } from './signed-token.ts';

/** How long (ms) after an onboarding was started its return page opens: longer than anybody takes at Stripe. */
const GOOD_FOR_MS = 12 * 60 * 60_000;

/** The workspace whose onboarding a person returns from. */
export interface Returning {
  readonly workspaceId: string;
  /** The shard in which the workspace is. */
  readonly shard: string;
}

interface ReturnTokens {
  /** Makes a token. `now`: unix ms. */
  issue(returning: Returning, now: number): Promise<string>;
  /** What a token is for. null: it is not ours, was changed, or is more than twelve hours older than `now` (unix ms). */
  read(token: string, now: number): Promise<Returning | null>;
}

/** Makes and reads the tokens of the page after Stripe's onboarding. Throws Error for a malformed SECRETS_KEY. */
export const returnTokens = madeOnce(async ({ secretsKey }: { readonly secretsKey: string }): Promise<ReturnTokens> => {
  const tokens = await signedTokens(secretsKey, 'softsolz onboarding return');
  return {
    issue: async ({ workspaceId, shard }, now) => await tokens.sign([workspaceId, shard, now + GOOD_FOR_MS]),
    read: async (token, now) => {
      const [workspaceId, shard, expiresAt] = (await tokens.open(token)) ?? [];
      if (typeof workspaceId !== 'string' || typeof shard !== 'string' || typeof expiresAt !== 'number') return null;
      return now < expiresAt ? { workspaceId, shard } : null;
    },
  };
});
