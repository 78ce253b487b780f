import { getAuthenticatorName, PASSKEY_ERROR_CODES } from '@better-auth/passkey';
import { APIError } from 'better-auth/api';
import * as z from 'zod/mini';
import type { Auth } from './auth.ts';
import { type Browser, readBrowser } from './browser-name.ts';

/** A passkey of a person, as its owner sees it. */
export interface OwnPasskey {
  readonly id: string;
  /** The browser it was made in. null: not known. */
  readonly browser: Browser | null;
  /** Which program or service keeps it, such as `1Password`. null: it does not say so. */
  readonly keptBy: string | null;
  readonly createdAt: Date;
}

/** What a browser hands to a passkey, as JSON, and the headers with the cookie that belongs to it. */
export interface Ceremony {
  readonly options: object;
  readonly headers: Headers;
}

const common = {
  id: z.string(),
  rawId: z.string(),
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}),
};

/** What a browser sends for a passkey that it made. better-auth checks what is in it. */
export const madePasskey = z.object({
  ...common,
  response: z.object({
    clientDataJSON: z.string(),
    attestationObject: z.string(),
    transports: z.optional(z.array(z.string())),
  }),
});

/** What a browser sends for a passkey that signs. better-auth checks what is in it. */
export const usedPasskey = z.object({
  ...common,
  response: z.object({
    clientDataJSON: z.string(),
    authenticatorData: z.string(),
    signature: z.string(),
    userHandle: z.optional(z.string()),
  }),
});

type MadePasskey = z.infer<typeof madePasskey>;
type UsedPasskey = z.infer<typeof usedPasskey>;

/** Begins to add a passkey for the person who sends a request. */
export async function beginToAdd(auth: Auth, headers: Headers): Promise<Ceremony> {
  const answer = await auth.api.generatePasskeyRegistrationOptions({ headers, returnHeaders: true });
  return { options: answer.response, headers: answer.headers };
}

/** Begins to sign in. Where somebody is signed in, only that person's passkeys are asked for. */
export async function beginToSignIn(auth: Auth, headers: Headers): Promise<Ceremony> {
  const answer = await auth.api.generatePasskeyAuthenticationOptions({ headers, returnHeaders: true });
  return { options: { ...answer.response, userVerification: 'required' }, headers: answer.headers };
}

/** Adds a passkey to the person who sends a request. `browser`: the one it was made in, as `storedBrowser` writes it. False: it cannot be added. */
export async function addPasskey(
  auth: Auth,
  headers: Headers,
  { response, browser }: { response: MadePasskey; browser: string },
): Promise<boolean> {
  return (
    (await unlessRefused(auth.api.verifyPasskeyRegistration({ body: { response, name: browser }, headers }))) !== null
  );
}

/** Signs in with a passkey. Returns the headers that set the cookie. null: it cannot sign in; why is not said. */
export async function enterPasskey(auth: Auth, headers: Headers, response: UsedPasskey): Promise<Headers | null> {
  const call = auth.api.verifyPasskeyAuthentication({ body: { response }, headers, returnHeaders: true });
  return (await unlessRefused(call))?.headers ?? null;
}

/** True where the passkey that answers belongs to the person who sends a request. */
export async function isOwn(auth: Auth, headers: Headers, { id }: UsedPasskey): Promise<boolean> {
  return (await auth.api.listPasskeys({ headers })).some(({ credentialID }) => credentialID === id);
}

/** The passkeys of the person who sends a request, the oldest first. */
export async function listPasskeys(auth: Auth, headers: Headers): Promise<OwnPasskey[]> {
  const passkeys = await auth.api.listPasskeys({ headers });
  return passkeys
    .map(({ id, name, aaguid, createdAt }) => {
      return { id, browser: name ? readBrowser(name) : null, keptBy: getAuthenticatorName(aaguid) ?? null, createdAt };
    })
    .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
}

/** Removes a passkey of the person who sends a request. With that of another person nothing happens. */
export async function removePasskey(auth: Auth, headers: Headers, id: string): Promise<void> {
  await unlessRefused(auth.api.deletePasskey({ body: { id }, headers }));
}

/** null: better-auth refuses what was sent. Throws if it failed. */
async function unlessRefused<Answer>(call: Promise<Answer>): Promise<Answer | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof APIError && (error.statusCode < 500 || isWrongRegistration(error))) return null;
    throw error;
  }
}

/** better-auth answers 500 for a passkey that it does not add. */
function isWrongRegistration({ body }: APIError): boolean {
  return body?.code === PASSKEY_ERROR_CODES.FAILED_TO_VERIFY_REGISTRATION.code;
}
