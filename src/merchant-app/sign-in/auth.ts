import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { emailOTP } from 'better-auth/plugins/email-otp';
import { unavailable } from '../../core/errors.ts';
import { describeError, logLine } from '../../core/log.ts';
import { openDatabase } from '../../db/client.ts';
import { SIGN_IN_TABLES } from '../../db/sign-in.ts';
import type { Person } from '../../domain/members/authorise.ts';
import { SERVICE_NAME } from '../../http/buyer/page-parts.tsx';
import type { Bindings, Config } from '../env.ts';
import { CODE_SECONDS } from './code-mail.ts';
import { passkeysAt } from './passkey-plugin.ts';
import { maySignUp } from './who-may-sign-in.ts';

/** The cookie of a session. Browsers take a `__Host-` cookie only from this host, by https, for all of its paths. */
const COOKIE_PREFIX = '__Host-softsolz';

/** The name of the cookie that holds the token of a session. */
export const SESSION_COOKIE = `${COOKIE_PREFIX}.session_token`;

const DAY_SECONDS = 24 * 60 * 60;
/** For how long a session lasts after its last use. */
const SESSION_SECONDS = 30 * DAY_SECONDS;
/** For how long a session lasts, however often it is used. */
const LONGEST_SESSION_SECONDS = 90 * DAY_SECONDS;
/** How often a wrong code may be entered before the code stops working. */
const TRIES = 5;

export type Auth = ReturnType<typeof makeAuth>;

/**
 * better-auth for this configuration. Only its functions are used: none of its own routes is served. Sessions are read
 * from the database at each request, so that one that was ended works nowhere.
 */
export function makeAuth(env: Bindings, config: Config) {
  const directory = openDatabase(env.DB);
  return betterAuth({
    appName: SERVICE_NAME,
    baseURL: config.appUrl,
    secret: config.authSecret,
    database: drizzleAdapter(directory, { provider: 'sqlite', schema: SIGN_IN_TABLES }),
    session: { expiresIn: SESSION_SECONDS, updateAge: DAY_SECONDS, freshAge: 0, cookieCache: { enabled: false } },
    advanced: {
      useSecureCookies: false,
      cookiePrefix: COOKIE_PREFIX,
      defaultCookieAttributes: { secure: true, httpOnly: true, sameSite: 'lax', path: '/' },
      // There is no table of accounts: nobody signs in with a password, or through another service.
      database: { validateSchema: false },
      ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] },
    },
    // Codes are limited by address and by visitor, which its own limits do not know.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error', log: logFault },
    databaseHooks: {
      user: {
        create: {
          before: async ({ email }) => {
            if (!(await maySignUp(directory, config, email))) throw new APIError('BAD_REQUEST');
          },
        },
      },
    },
    plugins: [
      passkeysAt(config.appUrl),
      emailOTP({
        otpLength: 6,
        expiresIn: CODE_SECONDS,
        allowedAttempts: TRIES,
        storeOTP: 'encrypted',
        // Never called: what calls it refuses addresses that `readEmail` takes, so the app sends its codes itself.
        sendVerificationOTP: async () => {},
      }),
    ],
  });
}

/** better-auth logs texts, and in some places an error, whose members can name a person. */
function logFault(_level: string, message: unknown): void {
  logLine('error', 'sign-in', { error: typeof message === 'string' ? message : describeError(message) });
}

/** Makes a code for an e-mail address, and returns it. */
export async function makeCode(auth: Auth, email: string): Promise<string> {
  return await auth.api.createVerificationOTP({ body: { email, type: 'sign-in' } });
}

/** Signs in with a code. Returns the headers that set the cookie. null: the code is wrong, or does not work any more. */
export async function enterCode(auth: Auth, email: string, code: string, headers: Headers): Promise<Headers | null> {
  try {
    const answer = await auth.api.signInEmailOTP({ body: { email, otp: code }, headers, returnHeaders: true });
    return answer.headers;
  } catch (error) {
    // The answer is the same for every reason, so that nobody learns from it which addresses have a code.
    if (error instanceof APIError && error.statusCode < 500) return null;
    throw error;
  }
}

/** A browser in which a person is signed in. */
export interface SignInSession {
  readonly id: string;
  readonly token: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** The person who sends a request, and their session. */
export interface SignedIn {
  readonly person: Person;
  readonly session: SignInSession;
}

/**
 * Who is signed in, and the headers that prolong the cookie. null: nobody is. Throws `service_unavailable` if the
 * database does not answer.
 */
export async function readSession(
  auth: Auth,
  headers: Headers,
): Promise<{ signedIn: SignedIn; headers: Headers } | null> {
  const answer = await auth.api.getSession({ headers, returnHeaders: true }).catch((error: unknown) => {
    // better-auth hides what has failed. Reading a session has no other fault than the database's.
    throw unavailable('Who is signed in could not be read.', error);
  });
  if (answer.response === null) return null;
  const { user, session } = answer.response;
  if (isOver(session)) {
    await endSession(auth, headers, session.token);
    return null;
  }
  // Each code and each passkey makes a session of its own.
  const person = { id: user.id, email: user.email, provedAt: session.createdAt.getTime() };
  return { signedIn: { person, session: asSession(session) }, headers: answer.headers };
}

/** All sessions of the person who sends a request, the last used first. Throws `service_unavailable`. */
export async function listSessions(auth: Auth, headers: Headers): Promise<SignInSession[]> {
  const sessions = (await whileSignedIn(auth.api.listSessions({ headers }))) ?? [];
  return sessions
    .filter((session) => !isOver(session))
    .map(asSession)
    .sort((one, other) => other.updatedAt.getTime() - one.updatedAt.getTime());
}

/** Ends a session of the person who sends a request, at once. Of another person's session nothing happens. Throws `service_unavailable`. */
export async function endSession(auth: Auth, headers: Headers, token: string): Promise<void> {
  await whileSignedIn(auth.api.revokeSession({ body: { token }, headers }));
}

/** Ends all sessions of the person who sends a request, but for the one that sends it. Throws `service_unavailable`. */
export async function endOtherSessions(auth: Auth, headers: Headers): Promise<void> {
  await whileSignedIn(auth.api.revokeOtherSessions({ headers }));
}

/** null: the session that asks was ended meanwhile. better-auth hides every other failure, which can only be the database's. */
async function whileSignedIn<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof APIError && error.statusCode === 401) return null;
    throw unavailable('The sessions could not be read or ended.', error);
  }
}

/** better-auth prolongs a session without an end. */
function isOver({ createdAt }: Pick<SignInSession, 'createdAt'>): boolean {
  return Date.now() - createdAt.getTime() >= LONGEST_SESSION_SECONDS * 1000;
}

type StoredSession = Pick<SignInSession, 'id' | 'token' | 'createdAt' | 'updatedAt'> & {
  readonly ipAddress?: string | null;
  readonly userAgent?: string | null;
};

function asSession({ ipAddress, userAgent, ...session }: StoredSession): SignInSession {
  return { ...session, ipAddress: ipAddress || null, userAgent: userAgent || null };
}
