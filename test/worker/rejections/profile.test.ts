import { png } from '../../support/pictures.ts';
import { putLogo } from '../support/profiles.ts';
import { describeRejections } from '../support/rejections.ts';

const writing = {
  scope: 'service.payments.profile.write',
  otherScopes: ['service.payments.profile.read', 'service.payments.links.write', 'service.payments.webhooks.write'],
  success: 200,
  needsAccount: false,
} as const;
const picture = png({ width: 64, height: 32 });

describeRejections({
  ...writing,
  method: 'GET',
  template: '/profile',
  allow: 'GET, PATCH',
  scope: 'service.payments.profile.read',
  otherScopes: ['service.payments.profile.write', 'service.payments.links.read', 'service.payments.payments.read'],
  body: null,
  path: async () => '/profile',
});

describeRejections({
  ...writing,
  method: 'PATCH',
  template: '/profile',
  allow: 'GET, PATCH',
  body: { support_email: 'hello@harbour.example' },
  path: async () => '/profile',
});

describeRejections({
  ...writing,
  method: 'PUT',
  template: '/profile/logo',
  allow: 'PUT, DELETE',
  body: null,
  file: picture,
  path: async () => '/profile/logo',
});

describeRejections({
  ...writing,
  method: 'DELETE',
  template: '/profile/logo',
  allow: 'PUT, DELETE',
  body: null,
  path: async (shop) => {
    await putLogo(shop, picture);
    return '/profile/logo';
  },
});
