import { applyD1Migrations, type D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import * as z from 'zod';

const migrations = z.object({ TEST_MIGRATIONS: z.array(z.custom<D1Migration>()) });
const databases = z.object({ DB: z.custom<D1Database>(), DB_1: z.custom<D1Database>() });

const { DB, DB_1 } = databases.parse(env);
for (const database of [DB, DB_1]) await applyD1Migrations(database, migrations.parse(env).TEST_MIGRATIONS);
