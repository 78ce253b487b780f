import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { ROLES } from '../core/rights.ts';
import { people } from './sign-in-schema.ts';

// Who may do what in which workspace. The API never loads these tables. Their rows are in the first shard only.

/** A workspace pair as the merchant app finds it: the pair itself may be in the database of another shard. */
export const organisations = sqliteTable('organisations', {
  /** The id of the live workspace. */
  id: text('id').primaryKey(),
  sandboxId: text('sandbox_id').notNull(),
  shard: text('shard').notNull(),
  /** The name of both workspaces. */
  name: text('name').notNull(),
  createdAt: integer('created_at').notNull(),
});

/** A person in an organisation. */
export const members = sqliteTable(
  'members',
  {
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id),
    personId: text('person_id')
      .notNull()
      .references(() => people.id),
    role: text('role', { enum: ROLES }).notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    // The members of an organisation; whether another owner is left.
    primaryKey({ columns: [table.organisationId, table.personId] }),
    // The organisations of a person, read with each of the person's requests.
    index('members_person').on(table.personId),
  ],
);

/** An invitation that was neither accepted nor revoked. */
export const invitations = sqliteTable(
  'invitations',
  {
    id: text('id').primaryKey(),
    /** null: an operator's invitation to sign up and make a workspace. */
    organisationId: text('organisation_id').references(() => organisations.id),
    /** In lower case. Only the person with this address can accept. */
    email: text('email').notNull(),
    /** What the person becomes. */
    role: text('role', { enum: ROLES }).notNull(),
    /** null: an operator. */
    invitedBy: text('invited_by').references(() => people.id),
    expiresAt: integer('expires_at').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    // The invitations of an organisation; inviting an address again.
    uniqueIndex('invitations_organisation').on(table.organisationId, table.email),
    // What somebody who signs in was invited to.
    index('invitations_email').on(table.email),
    // Deleting those that have expired.
    index('invitations_expired').on(table.expiresAt),
  ],
);
