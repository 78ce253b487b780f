import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./src/db/schema.ts', './src/db/sign-in-schema.ts', './src/db/team-schema.ts'],
  out: './drizzle',
});
