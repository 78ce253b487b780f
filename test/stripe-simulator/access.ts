import { type Conditions, conditionsOf } from './conditions.ts';
import { StripeFailure } from './failures.ts';
import type { LoggedRequest } from './request-log.ts';
import { accountInvalid, connectedAccount } from './resources/accounts.ts';
import type { Simulation } from './simulation.ts';
import type { Scope } from './state.ts';

/** The permissions of restricted keys, by the paths that need them. The suffix is `_read` or `_write`. */
const PERMISSIONS: readonly (readonly [path: RegExp, name: string])[] = [
  [/^\/v1\/checkout\/sessions/, 'checkout_session'],
  [/^\/v1\/(charges|refunds)/, 'charge'],
  [/^\/v1\/payment_intents/, 'payment_intent'],
  [/^\/v1\/events/, 'event'],
  [/^\/v1\/payment_method_domains/, 'payment_method_domain'],
  [/^\/(v1|v2\/core)\/account_links/, 'account_link'],
  [/^\/(v1|v2\/core)\/accounts?/, 'accounts_kyc_basic'],
];

/**
 * The mode, which the prefix of the API key decides, and the connected account. Also notes the mode in `entry`. Throws
 * StripeFailure 401 for a key that is none, and 403 where the key or the platform may not do this.
 */
export function authenticate(simulation: Simulation, authorization: string | null, entry: LoggedRequest): Scope {
  if (authorization === null) {
    const message = 'You did not provide an API key. Send it as a Bearer token in the Authorization header.';
    throw new StripeFailure(message, { status: 401 });
  }
  const [, kind, mode, rest = ''] = /^Bearer (sk|rk)_(test|live)_(\w+)$/.exec(authorization) ?? [];
  if (kind === undefined) throw new StripeFailure('Invalid API Key provided.', { status: 401 });
  const scope = { livemode: mode === 'live', account: entry.account };
  entry.livemode = scope.livemode;
  if (scope.account !== null) connectedAccount(simulation, scope.livemode, scope.account);
  const { forbid, missing_permissions: missing } = conditionsOf({ simulation, scope, params: entry.params });
  if (scope.account !== null) refuseForbidden(forbid, scope.account);
  const needed = permissionFor(entry);
  if (kind === 'rk' && missing.includes(needed))
    throw lacksPermission(`rk_${mode}_***${rest.slice(-6)}`, scope, needed);
  return scope;
}

/** Throws StripeFailure 403 where the condition `forbid` says so. */
export function refuseForbidden(forbid: Conditions['forbid'], account: string): void {
  if (forbid === 'permission') {
    const message = `This application does not have the required permissions for this endpoint on account '${account}'.`;
    throw new StripeFailure(message, { status: 403 });
  }
  if (forbid !== null) throw accountInvalid(account);
}

function permissionFor({ method, path }: LoggedRequest): string {
  const name = PERMISSIONS.find(([known]) => known.test(path))?.[1] ?? 'unknown';
  return `${name}_${method === 'GET' ? 'read' : 'write'}`;
}

function lacksPermission(key: string, { account }: Scope, permission: string): StripeFailure {
  const where = `on account '${account ?? 'acct_platform'}'`;
  const message = `The provided key '${key}' does not have the required permissions for this endpoint ${where}. Having the 'rak_${permission}' permission would allow this request to continue.`;
  return new StripeFailure(message, { status: 403 });
}
