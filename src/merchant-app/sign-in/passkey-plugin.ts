import { passkey } from '@better-auth/passkey';
import { APIError } from 'better-auth/api';
import { SERVICE_NAME } from '../../http/buyer/page-parts.tsx';

/**
 * better-auth's passkeys for the app at this origin. A passkey names its person itself, so nobody types an address, and
 * its device asks for a fingerprint, a face or a PIN each time.
 */
export function passkeysAt(appUrl: string) {
  return passkey({
    rpID: new URL(appUrl).hostname,
    rpName: SERVICE_NAME,
    origin: appUrl,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    advanced: { webAuthnChallengeCookie: 'passkey_challenge' },
    // The plugin asks for these and does not check that the device did them.
    registration: {
      afterVerification: ({ verification }) => requireVerified(verification.registrationInfo?.userVerified),
    },
    authentication: {
      afterVerification: ({ verification }) => requireVerified(verification.authenticationInfo.userVerified),
    },
  });
}

function requireVerified(userVerified: boolean | undefined): void {
  if (userVerified !== true) throw new APIError('BAD_REQUEST');
}
