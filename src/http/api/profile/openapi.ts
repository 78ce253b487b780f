import type { RouteDescription } from '../route-description.ts';
import { profileChange } from './requests.ts';
import { profileSchema } from './responses.ts';

const example = {
  display_name: 'Harbour Studio',
  logo_url: 'https://app.softsolz.uk/logo/09f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  support_email: 'hello@harbour.example',
  support_phone: '+44 20 7946 0958',
  website: 'https://harbour.example',
  terms_url: 'https://harbour.example/terms',
  privacy_url: 'https://harbour.example/privacy',
  refund_policy_url: null,
  brand_color: '#1d4ed8',
  updated_at: '2026-05-19T18:00:00Z',
};

const READ = { tag: 'Profile', scopes: ['service.payments.profile.read'] } as const;
const WRITE = { tag: 'Profile', scopes: ['service.payments.profile.write'] } as const;

const success = (description: string, changes: Partial<Record<keyof typeof example, string | null>> = {}) =>
  ({ status: 200, schema: profileSchema(), description, example: { ...example, ...changes } }) as const;

export const PROFILE_ROUTES: readonly RouteDescription[] = [
  {
    ...READ,
    method: 'get',
    path: '/profile',
    operationId: 'getProfile',
    summary: 'Retrieve the profile',
    description:
      'Returns how your workspace shows itself to buyers. Your live workspace and your sandbox workspace each have a profile of their own.',
    success: success('The profile.'),
  },
  {
    ...WRITE,
    method: 'patch',
    path: '/profile',
    operationId: 'updateProfile',
    summary: 'Update the profile',
    description:
      'Changes the members that you send. `null` clears a member; `display_name` cannot be cleared. Buyers see the change the next time they open a page.',
    request: [{ name: 'ProfileUpdate', schema: profileChange }],
    requestExamples: {
      contacts: {
        summary: 'Contacts and legal links',
        value: {
          display_name: 'Harbour Studio',
          support_email: 'hello@harbour.example',
          support_phone: '+44 20 7946 0958',
          terms_url: 'https://harbour.example/terms',
        },
      },
      colour: { summary: 'A colour, and no phone', value: { brand_color: '#1D4ED8', support_phone: null } },
    },
    success: success('The changed profile.'),
  },
  {
    ...WRITE,
    method: 'put',
    path: '/profile/logo',
    operationId: 'setProfileLogo',
    summary: 'Set the logo',
    description:
      'Replaces your logo. Send the bytes of a PNG, JPEG or WebP as the whole body: at most 128 KB, and at most 2,000 pixels wide and high. The type is read from the bytes, not from `Content-Type`. A picture that is animated, or that its EXIF orientation turns, is refused. EXIF and XMP data, comments and other metadata are removed, and colour profiles stay. Anybody can open the picture at the address `data.logo_url`. The same picture again changes nothing.',
    fileTypes: ['image/png', 'image/jpeg', 'image/webp'],
    success: success('The profile with its new logo.'),
  },
  {
    ...WRITE,
    method: 'delete',
    path: '/profile/logo',
    operationId: 'removeProfileLogo',
    summary: 'Remove the logo',
    description:
      'Removes your logo from your profile and from all pages. Its address then answers 404, unless another workspace has the same picture. Browsers that have loaded the picture may still show it there. Without a logo nothing changes.',
    success: success('The profile without a logo.', { logo_url: null }),
  },
];
