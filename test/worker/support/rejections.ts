import { describe } from 'vitest';
import { newTarget, once, type ProtectedRoute } from './protected-route.ts';
import { rejectsBadBodies } from './rejections-body.ts';
import { rejectsStrangers } from './rejections-keys.ts';
import { refusesInOrder } from './rejections-order.ts';
import { countsAndNamesRequests } from './rejections-rate.ts';

/** Every refusal that all routes behind the secret key have in common. A new route calls this before its own tests. */
export function describeRejections(route: ProtectedRoute): void {
  describe(`${route.method} ${route.template} refuses`, () => {
    // For tests that only refuse: a refusal leaves nothing behind.
    const shared = once(() => newTarget(route));
    rejectsStrangers(route, shared);
    countsAndNamesRequests(route, shared);
    if (route.body) rejectsBadBodies(route, shared);
    refusesInOrder(route);
  });
}
