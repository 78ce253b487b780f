import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { STRIPE_JS_URL } from '../../../src/env.ts';

it("loads the Stripe.js release that fits the SDK's API version", () => {
  const file = resolve(import.meta.dirname, '../../../node_modules/stripe/esm/apiVersion.js');
  const release = /ApiMajorVersion = '(\w+)'/.exec(readFileSync(file, 'utf8'))?.[1];
  expect(release).toBeTruthy();
  expect(STRIPE_JS_URL).toBe(`https://js.stripe.com/${release}/stripe.js`);
});
