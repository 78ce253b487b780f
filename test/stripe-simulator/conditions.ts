import * as z from 'zod';
import type { ApiCall } from './api-call.ts';
import { ScopedSettings, scopeShape } from './scoped-settings.ts';

/** The body of `POST /_control/conditions`. */
export const conditionsSchema = z.strictObject({
  ...scopeShape,
  /** Where hosted Checkout is: an account or platform can have it on its own domain. null: at the simulator. */
  checkout_origin: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  /** The length of the fragment in the address of hosted Checkout. */
  checkout_fragment: z.int().min(0).max(2000).default(400),
  refuse_sessions: z.enum(['capability', 'charges', 'country', 'payment_methods']).nullable().default(null),
  forbid: z.enum(['account_invalid', 'other_platform', 'permission']).nullable().default(null),
  /** `/v2` does not know an account that was made by `/v1` some minutes ago. */
  not_yet_compatible_with_v2: z.boolean().default(false),
  /** What restricted keys (`rk_…`) may not do, for example `checkout_session_write`. */
  missing_permissions: z.array(z.string()).default([]),
  refund_status: z.enum(['pending', 'requires_action', 'succeeded']).default('succeeded'),
  /** When a payment by bank from a page settles by itself. null: never. */
  bank_settles_after_seconds: z.int().min(0).nullable().default(60),
  payment_method_domain_status: z.enum(['active', 'inactive']).default('active'),
  /** How long a new object is missing in lists. */
  list_lag_seconds: z.int().min(0).default(0),
});

/** In what way Stripe works for an account: what real Stripe also does, but not for every account and not every day. */
export type Conditions = Omit<z.output<typeof conditionsSchema>, 'account' | 'mentions'>;

/** The current conditions. */
export class ConditionBook extends ScopedSettings<Conditions> {
  constructor() {
    super(() => conditionsSchema.parse({}));
  }
}

/** The conditions that an API request meets. */
export function conditionsOf({
  simulation,
  scope,
  params,
}: Pick<ApiCall, 'simulation' | 'scope' | 'params'>): Conditions {
  return simulation.conditions.settingsFor({ account: scope.account, text: JSON.stringify(params) });
}
