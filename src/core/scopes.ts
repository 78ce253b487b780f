/** Every scope a key can hold, as the published API names them. `.keys.write` creates public keys only. */
export const SCOPES = [
  'service.payments.checkout.create',
  'service.payments.checkout.read',
  'service.payments.links.read',
  'service.payments.links.write',
  'service.payments.payments.read',
  'service.payments.refunds.create',
  'service.payments.webhooks.read',
  'service.payments.webhooks.write',
  'service.payments.keys.write',
] as const;

export type Scope = (typeof SCOPES)[number];

const SERVICE_WILDCARD = 'service.payments.*';
const PLATFORM_WILDCARD = '*';

/** A key that can make keys must be asked for by name, never come along with a wildcard. */
const OUTSIDE_SERVICE_WILDCARD: Scope = 'service.payments.keys.write';

/** Whether a key may be given this: a known scope, `service.payments.*`, or the platform's own `*`. */
export function isGrantable(text: string): boolean {
  return text === SERVICE_WILDCARD || text === PLATFORM_WILDCARD || SCOPES.some((scope) => scope === text);
}

/**
 * Whether a key that holds `granted` may do what asks for `needed`. `service.payments.*` covers every scope but
 * `service.payments.keys.write`; `*` covers all. Entries that are no such word grant nothing.
 */
export function grants(granted: readonly string[], needed: Scope): boolean {
  return granted.some(
    (scope) =>
      scope === needed ||
      scope === PLATFORM_WILDCARD ||
      (scope === SERVICE_WILDCARD && needed !== OUTSIDE_SERVICE_WILDCARD),
  );
}
