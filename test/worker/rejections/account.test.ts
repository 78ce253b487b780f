import { URLS } from '../support/onboarding.ts';
import { describeRejections } from '../support/rejections.ts';
import { control } from '../support/simulator.ts';

const writing = {
  method: 'POST',
  allow: 'POST',
  scope: 'service.payments.account.write',
  otherScopes: ['service.payments.account.read', 'service.payments.profile.write', 'service.payments.links.write'],
  needsAccount: false,
} as const;

describeRejections({
  ...writing,
  method: 'GET',
  template: '/account',
  allow: 'GET',
  scope: 'service.payments.account.read',
  otherScopes: ['service.payments.account.write', 'service.payments.profile.read', 'service.payments.links.read'],
  body: null,
  success: 200,
  path: async () => '/account',
});

describeRejections({
  ...writing,
  template: '/account/onboarding-links',
  neverStored: true,
  body: URLS,
  success: 201,
  path: async ({ account }) => {
    await control('POST', `/accounts/${account}/update`, { charges_enabled: false });
    return '/account/onboarding-links';
  },
});

describeRejections({
  ...writing,
  template: '/account/dashboard-links',
  neverStored: true,
  body: {},
  bodyOptional: true,
  success: 201,
  path: async () => '/account/dashboard-links',
});

describeRejections({
  ...writing,
  template: '/account/disconnect',
  body: {},
  bodyOptional: true,
  success: 200,
  path: async () => '/account/disconnect',
});
