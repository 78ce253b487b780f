import { madeOnce } from './made-once.ts';
import { signedTokens } from './signed-token.ts';

const MINUTE_MS = 60_000;

/** `page`: given to the merchant's page, to open our frame with. `frame`: given to the frame itself. */
type EmbedTokenKind = 'page' | 'frame';
export type EmbedTokenUse = 'open_frame' | 'open_session' | 'read_status';

/** How long (ms) a token may be used, by kind and use. A `frame` token lasts longer, while the buyer chooses and pays. */
const GOOD_FOR_MS: Readonly<Record<EmbedTokenKind, Readonly<Record<EmbedTokenUse, number>>>> = {
  page: { open_frame: 5 * MINUTE_MS, open_session: 5 * MINUTE_MS, read_status: 60 * MINUTE_MS },
  frame: { open_frame: 0, open_session: 25 * MINUTE_MS, read_status: 60 * MINUTE_MS },
};

/** When a token of kind `page` can no longer open a frame. `issuedAt` and the result: unix ms. */
export function embedTokenExpiry(issuedAt: number): number {
  return issuedAt + GOOD_FOR_MS.page.open_frame;
}

/** What a token allows: a page of `origin` may show the checkout of `link`, with the public key `keyId`. Not secret. */
export interface EmbedGrant {
  readonly keyId: string;
  readonly origin: string;
  /** The token of a payment link. */
  readonly link: string;
}

interface EmbedTokens {
  /** Makes a token. `now`: unix ms. */
  issue(kind: EmbedTokenKind, grant: EmbedGrant, now: number): Promise<string>;
  /** What a token allows. null: it is not ours, was changed, is too old for this use, or was made after `now` (unix ms). */
  read(token: string, use: EmbedTokenUse, now: number): Promise<EmbedGrant | null>;
}

/** Makes and reads the tokens of the widget (`signedTokens`). Throws Error for a malformed SECRETS_KEY. */
export const embedTokens = madeOnce(async ({ secretsKey }: { readonly secretsKey: string }): Promise<EmbedTokens> => {
  const tokens = await signedTokens(secretsKey, 'softsolz embed token');
  return {
    issue: async (kind, { keyId, origin, link }, now) => await tokens.sign([kind, keyId, origin, link, now]),
    read: async (token, use, now) => {
      const content = await tokens.open(token);
      const read = content && readContent(content);
      const age = read === null ? Number.NaN : now - read.issuedAt;
      return read !== null && age >= 0 && age < GOOD_FOR_MS[read.kind][use] ? read.grant : null;
    },
  };
});

/** Reads the content of a token. null: it has another shape, made by an older version of this code. */
function readContent(
  content: readonly unknown[],
): { kind: EmbedTokenKind; grant: EmbedGrant; issuedAt: number } | null {
  const [kind, keyId, origin, link, issuedAt] = content;
  if (kind !== 'page' && kind !== 'frame') return null;
  if (typeof keyId !== 'string' || typeof origin !== 'string' || typeof link !== 'string') return null;
  return typeof issuedAt === 'number' ? { kind, grant: { keyId, origin, link }, issuedAt } : null;
}
