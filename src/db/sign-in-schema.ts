import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// The tables of the merchant app's sign-in. They are apart from schema.ts, because the API never loads them. Rows are in the first
// shard only. better-auth reads and writes them, so the names of the members are its own, and times are Date.

const time = (name: string) => integer(name, { mode: 'timestamp_ms' });
const createdAt = time('created_at').notNull();
const updatedAt = time('updated_at').notNull();

/** A person who signs in to the merchant app. */
export const people = sqliteTable('people', {
  id: text('id').primaryKey(),
  /** In lower case. */
  email: text('email').notNull().unique('people_email'),
  emailVerified: integer('email_verified', { mode: 'boolean' }).notNull(),
  /** '' until the person has given one. */
  name: text('name').notNull(),
  image: text('image'),
  createdAt,
  updatedAt,
});

/** A browser in which a person is signed in. */
export const signInSessions = sqliteTable(
  'sign_in_sessions',
  {
    id: text('id').primaryKey(),
    userId: text('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    /** The cookie holds it with a signature made with AUTH_SECRET: the row alone signs nobody in. */
    token: text('token').notNull().unique('sign_in_sessions_token'),
    expiresAt: time('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt,
    updatedAt,
  },
  // A person's sessions. Deleting those that have expired.
  (table) => [index('sign_in_sessions_person').on(table.userId), index('sign_in_sessions_expired').on(table.expiresAt)],
);

/** What a person answers to sign in, once: a code that was sent by e-mail, or a random value that a passkey signs. */
export const signInCodes = sqliteTable(
  'sign_in_codes',
  {
    id: text('id').primaryKey(),
    /** Of a code: what it is for, with the e-mail address. Of a passkey: a random value, which the cookie has too. */
    identifier: text('identifier').notNull(),
    /** The code, encrypted under AUTH_SECRET, a colon, and the number of wrong tries. Or what the passkey signs, as JSON. */
    value: text('value').notNull(),
    expiresAt: time('expires_at').notNull(),
    createdAt,
    updatedAt,
  },
  // The newest code of an address. Deleting those that have expired.
  (table) => [
    index('sign_in_codes_identifier').on(table.identifier, table.createdAt),
    index('sign_in_codes_expired').on(table.expiresAt),
  ],
);

/** How often something was done in a time window that began with the first time, such as asking for a code for one address. */
export const signInLimits = sqliteTable(
  'sign_in_limits',
  {
    /** A digest of what is counted, so that the table names no address. */
    key: text('key').primaryKey(),
    count: integer('count').notNull(),
    /** When the window ends. */
    until: integer('until').notNull(),
  },
  // Deleting windows that have ended.
  (table) => [index('sign_in_limits_until').on(table.until)],
);

/** A passkey of a person: the public half of a key pair that only the person's device has (WebAuthn). */
export const passkeys = sqliteTable(
  'passkeys',
  {
    id: text('id').primaryKey(),
    userId: text('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    /** The browser it was made in, such as `Firefox, Windows`. */
    name: text('name'),
    publicKey: text('public_key').notNull(),
    credentialID: text('credential_id').notNull().unique('passkeys_credential'),
    /** How often it was used, as the device says; many devices always say 0. */
    counter: integer('counter').notNull(),
    deviceType: text('device_type').notNull(),
    /** True: the device's maker keeps a copy for the person's other devices. */
    backedUp: integer('backed_up', { mode: 'boolean' }).notNull(),
    /** How the device can be reached, such as `internal,hybrid`. */
    transports: text('transports'),
    /** The model of the device; null: not said. */
    aaguid: text('aaguid'),
    createdAt: time('created_at'),
  },
  // A person's passkeys.
  (table) => [index('passkeys_person').on(table.userId)],
);
