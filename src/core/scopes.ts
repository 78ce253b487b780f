/** Every scope that a secret key can hold, as the API names them. `service.payments.keys.write` covers public keys only. */
export const SCOPES = [
  'service.payments.checkout.create',
  'service.payments.checkout.read',
  'service.payments.links.read',
  'service.payments.links.write',
  'service.payments.payments.read',
  'service.payments.refunds.create',
  'service.payments.webhooks.read',
  'service.payments.webhooks.write',
  'service.payments.profile.read',
  'service.payments.profile.write',
  'service.payments.account.read',
  'service.payments.account.write',
  'service.payments.keys.write',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Covers every scope but `service.payments.keys.write`. */
export const SERVICE_WILDCARD = 'service.payments.*';
const PLATFORM_WILDCARD = '*';

/** A key has this scope only where it was granted by this name or by `*`. `service.payments.*` does not include it. */
const OUTSIDE_SERVICE_WILDCARD: Scope = 'service.payments.keys.write';

/** True for a text that may be granted to a key: one of SCOPES, `service.payments.*`, or `*`, which covers all. */
export function isGrantable(text: string): boolean {
  return text === SERVICE_WILDCARD || text === PLATFORM_WILDCARD || SCOPES.some((scope) => scope === text);
}

/**
 * True where a key with the scopes `granted` may do what needs the scope `needed`. `service.payments.*` covers every
 * scope but `service.payments.keys.write`; `*` covers all. Any other text covers only the scope of that name.
 */
export function grants(granted: readonly string[], needed: Scope): boolean {
  return granted.some(
    (scope) =>
      scope === needed ||
      scope === PLATFORM_WILDCARD ||
      (scope === SERVICE_WILDCARD && needed !== OUTSIDE_SERVICE_WILDCARD),
  );
}
