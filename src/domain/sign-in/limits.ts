import { sha256Hex } from '../../core/crypto.ts';
import type { Database } from '../../db/client.ts';
import { countUses } from '../../db/sign-in.ts';

const WINDOW_MS = 60 * 60_000;

/** How often in an hour something may be done for one e-mail address, and by one visitor. */
const LIMITS = {
  /** Asking for a code. */
  ask: { address: 5, visitor: 20 },
  /** Entering a code. */
  enter: { address: 20, visitor: 60 },
};

/** How many invitations may be sent in an hour to one address, by one person, by one visitor and for one organisation. */
const INVITE_LIMITS = { address: 5, person: 60, visitor: 60, organisation: 60 };

/** How often in an hour one visitor may begin to use or add a passkey. */
const PASSKEY_LIMIT = 60;

/** Who signs in, as far as it is known before the code was entered. */
export interface SignInAttempt {
  /** The e-mail address, in lower case. */
  readonly email: string;
  /** The name of `visitorOf` (core/visitor.ts). */
  readonly visitor: string;
}

/**
 * Counts that somebody asks for a code or enters one. False: too often in an hour, for this address or by this visitor. It does
 * not depend on whether the address is known. `directory`: the database of the first shard. `now`: unix ms.
 */
export async function mayGoOn(
  directory: Database,
  step: keyof typeof LIMITS,
  { email, visitor }: SignInAttempt,
  now: number,
): Promise<boolean> {
  const limits = LIMITS[step];
  const [ofAddress, ofVisitor] = await Promise.all([
    sha256Hex(`${step} address ${email}`),
    sha256Hex(`${step} visitor ${visitor}`),
  ]);
  const [forAddress = 0, byVisitor = 0] = await countUses(directory, [ofAddress, ofVisitor], WINDOW_MS, now);
  return forAddress <= limits.address && byVisitor <= limits.visitor;
}

/** An invitation that is to be sent by mail. */
export interface InvitationAttempt {
  /** The address that is invited, in lower case. */
  readonly address: string;
  /** The id of the person who invites. */
  readonly person: string;
  /** The name of `visitorOf` (core/visitor.ts) for the person who invites. */
  readonly visitor: string;
  /** The id of the organisation. */
  readonly organisation: string;
}

/**
 * Counts that somebody invites. False: too often in an hour, by one of the limits: whoever signs up can send mails from our
 * domain in this way. `directory`: the database of the first shard. `now`: unix ms.
 */
export async function mayInvite(directory: Database, attempt: InvitationAttempt, now: number): Promise<boolean> {
  const { address, person, visitor, organisation } = attempt;
  const limits = INVITE_LIMITS;
  const [ofAddress, ...ofOthers] = await Promise.all([
    sha256Hex(`invite address ${address}`),
    sha256Hex(`invite person ${person}`),
    sha256Hex(`invite visitor ${visitor}`),
    sha256Hex(`invite organisation ${organisation}`),
  ]);
  const counts = await countUses(directory, [ofAddress, ...ofOthers], WINDOW_MS, now);
  const most = [limits.address, limits.person, limits.visitor, limits.organisation];
  return most.every((limit, index) => (counts[index] ?? 0) <= limit);
}

/**
 * Counts that a visitor (the name of `visitorOf`) begins to use or add a passkey. False: too often in an hour. Nothing can be
 * done with a passkey without beginning. `directory`: the database of the first shard. `now`: unix ms.
 */
export async function mayTryPasskey(directory: Database, visitor: string, now: number): Promise<boolean> {
  const [count = 0] = await countUses(directory, [await sha256Hex(`passkey visitor ${visitor}`)], WINDOW_MS, now);
  return count <= PASSKEY_LIMIT;
}
