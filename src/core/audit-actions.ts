import type { Role } from './rights.ts';

/** What the audit log says was done, except what has a role or the state of a dispute as its last part. */
export const AUDIT_ACTIONS = [
  'workspace.create',
  'workspace.rename',
  'workspace.suspend',
  'workspace.resume',
  'workspace.close',
  'member.revoke_invitation',
  'member.decline_invitation',
  'member.remove',
  'member.leave',
  'account.create',
  'account.attach',
  'account.attach_undone',
  'account.updated',
  'account.charges_lost',
  'account.disconnected',
  'account.reconnected',
  'account.given_up',
  'account.onboarding_link',
  'account.dashboard_link',
  'profile.update',
  'profile.set_logo',
  'profile.remove_logo',
  'profile.copy',
  'profile.clear',
  'api_key.issue',
  'api_key.update',
  'api_key.revoke',
  'payment_link.create',
  'payment_link.update',
  'payment_link.sold_out',
  'refund.create',
  'checkout_session.expire',
  'checkout_session.adopt',
  'webhook_endpoint.create',
  'webhook_endpoint.update',
  'webhook_endpoint.enable',
  'webhook_endpoint.disable',
  'webhook_endpoint.rotate_secret',
  'webhook_endpoint.ping',
  'webhook_endpoint.replay',
  'webhook_endpoint.delete',
  'delivery.redeliver',
  'buyer.erase',
  'quarantine.release',
] as const;

type PlainAction = (typeof AUDIT_ACTIONS)[number];

/** What was done with a member; the last part of the action is the role. */
export const MEMBER_ACTIONS = ['member.invite', 'member.join', 'member.role'] as const;

/** Every action of the audit log. */
export type AuditAction =
  | PlainAction
  | `${(typeof MEMBER_ACTIONS)[number]}.${Role}`
  | `${typeof DISPUTE_ACTION}.${string}`;

/** A dispute that Stripe reports; the last part of the action is its status at Stripe. */
export const DISPUTE_ACTION = 'payment.dispute';
