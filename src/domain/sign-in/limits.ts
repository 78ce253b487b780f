import { sha256Hex } from '../../core/crypto.ts';
import type { Database } from '../../db/client.ts';
import { countUses, type Use } from '../../db/sign-in.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

interface Limit {
  readonly most: number;
  readonly windowMs: number;
}

const inAnHour = (most: number): Limit => ({ most, windowMs: HOUR_MS });
const inADay = (most: number): Limit => ({ most, windowMs: DAY_MS });

/** Who signs in, as far as it is known before the code was entered. */
export interface SignInRequest {
  /** The e-mail address, in lower case. */
  readonly email: string;
  /** The name of `visitorOf` (core/visitor.ts). */
  readonly visitor: string;
}

/**
 * Counts that somebody asks for a code. False: too often, by this visitor or for this address. It does not depend on whether the
 * address is known. `directory`: the database of the first shard. `now`: unix ms.
 */
export async function mayAskForCode(
  directory: Database,
  { email, visitor }: SignInRequest,
  now: number,
): Promise<boolean> {
  const byVisitor = await useOf(`ask visitor ${visitor}`, inAnHour(20));
  return await countUses(directory, [byVisitor, await useOf(`ask address ${email}`, inAnHour(5))], now);
}

/**
 * Counts that somebody enters a code. See `mayAskForCode`. By the limit of a day, a code of an address is guessed with a chance of
 * 1 in 10,000 a day.
 */
export async function mayEnterCode(
  directory: Database,
  { email, visitor }: SignInRequest,
  now: number,
): Promise<boolean> {
  const byVisitor = await useOf(`enter visitor ${visitor}`, inAnHour(60));
  const ofAddress = await useOf(`enter address ${email}`, inAnHour(20));
  return await countUses(
    directory,
    [byVisitor, ofAddress, await useOf(`enter address day ${email}`, inADay(100))],
    now,
  );
}

/** An invitation that is to be sent by mail. */
export interface InvitationRequest {
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
export async function mayInvite(
  directory: Database,
  { address, person, visitor, organisation }: InvitationRequest,
  now: number,
): Promise<boolean> {
  const byPerson = await useOf(`invite person ${person}`, inAnHour(60));
  const byVisitor = await useOf(`invite visitor ${visitor}`, inAnHour(60));
  const ofOrganisation = await useOf(`invite organisation ${organisation}`, inAnHour(60));
  const toAddress = await useOf(`invite address ${address}`, inAnHour(5));
  return await countUses(directory, [byPerson, byVisitor, ofOrganisation, toAddress], now);
}

/** Counts that a person sends the form of a new workspace. False: too often in an hour. `person`: their id. See `mayInvite`. */
export async function mayMakeWorkspace(directory: Database, person: string, now: number): Promise<boolean> {
  return await countUses(directory, [await useOf(`workspace person ${person}`, inAnHour(20))], now);
}

/**
 * Counts that a visitor (the name of `visitorOf`) begins to use or add a passkey. False: too often in an hour. Nothing can be
 * done with a passkey without beginning. `directory`: the database of the first shard. `now`: unix ms.
 */
export async function mayTryPasskey(directory: Database, visitor: string, now: number): Promise<boolean> {
  return await countUses(directory, [await useOf(`passkey visitor ${visitor}`, inAnHour(60))], now);
}

/** The database has no addresses in its counts, only their digests. */
async function useOf(what: string, limit: Limit): Promise<Use> {
  return { key: await sha256Hex(what), ...limit };
}
