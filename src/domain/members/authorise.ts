import type { Mode } from '../../core/api-keys.ts';
import { type Action, isGuarded, leastRole, may, mayWhileClosed, type Role } from '../../core/rights.ts';
import type { Membership } from '../../db/members.ts';
import { findWorkspace } from '../../db/workspaces.ts';
import { type Context, inWorkspace, type PlatformContext } from '../context.ts';

/** A person who is signed in. */
export interface Person {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  /** When the person last proved who they are, by a code or a passkey; unix ms. */
  readonly provedAt: number;
}

/** What a person wants to do, in which workspace of an organisation. `organisationId` comes from outside. */
export interface Intent {
  readonly organisationId: string;
  readonly mode: Mode;
  readonly action: Action;
}

/** Where a person may do what they want: the context of the use case, and who they are there. */
export interface Granted {
  readonly outcome: 'granted';
  readonly context: Context;
  readonly membership: Membership;
}

/** Why a person may not do what they want now. */
export type Refused =
  /** The person is no member. The same as for an organisation that does not exist. */
  | { readonly outcome: 'no_member' }
  /** The role is too low. `needed`: the least one that may do it. */
  | { readonly outcome: 'role'; readonly membership: Membership; readonly needed: Role }
  /** The person has to prove again who they are. */
  | { readonly outcome: 'proof'; readonly membership: Membership }
  /** This service takes no payments of the mode. */
  | { readonly outcome: 'not_set_up'; readonly membership: Membership }
  /** The workspace is closed, or operators have suspended it. */
  | { readonly outcome: 'closed'; readonly membership: Membership }
  | Unfinished;

/** The person may do what they want, in workspaces that are not made yet: making them was interrupted. */
export interface Unfinished {
  readonly outcome: 'unfinished';
  readonly membership: Membership;
  /** The context of the shard that the workspaces are to be in. */
  readonly platform: PlatformContext;
}

/** What the service has for the decision. */
interface Service {
  /** The context of a shard, with the person as the actor. */
  platformIn(shard: string): PlatformContext;
  /** Whether the service has Stripe's keys of a mode. */
  isSetUp(mode: Mode): boolean;
}

/** For how long (ms) after a code or a passkey a person may do what is guarded. */
export const PROOF_MS = 10 * 60_000;

/** True while a person may do what is guarded. `now`: unix ms. */
export function hasFreshProof({ provedAt }: Person, now: number): boolean {
  return now - provedAt <= PROOF_MS;
}

/**
 * The one way from a person to a use case: gives the context of a workspace if the person may do this there. `memberships`:
 * all of the person's.
 */
export async function authorise(
  person: Person,
  { organisationId, mode, action }: Intent,
  memberships: readonly Membership[],
  service: Service,
): Promise<Granted | Refused> {
  const membership = memberships.find(({ organisation }) => organisation.id === organisationId);
  if (!membership) return { outcome: 'no_member' };
  const { organisation, role } = membership;
  if (!may(role, action, mode)) return { outcome: 'role', membership, needed: leastRole(action, mode) };
  const platform = service.platformIn(organisation.shard);
  if (isGuarded(action, mode) && !hasFreshProof(person, platform.now())) return { outcome: 'proof', membership };
  const owner = await findWorkspace(platform.database, mode === 'live' ? organisation.id : organisation.sandboxId);
  if (!owner) return { outcome: 'unfinished', membership, platform };
  if (!service.isSetUp(mode)) return { outcome: 'not_set_up', membership };
  if (owner.workspace.status !== 'active' && !mayWhileClosed(action)) return { outcome: 'closed', membership };
  return { outcome: 'granted', context: inWorkspace(platform, owner), membership };
}
