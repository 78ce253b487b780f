import { applyD1Migrations, type D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import * as z from 'zod';

const migrations = z.object({ TEST_MIGRATIONS: z.array(z.custom<D1Migration>()) });
const database = z.object({ DB: z.custom<D1Database>() });

await applyD1Migrations(database.parse(env).DB, migrations.parse(env).TEST_MIGRATIONS);
