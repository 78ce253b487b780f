import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';

// Test files share a runtime one after another: each begins with empty storage and a real clock.
vi.useRealTimers();
vi.restoreAllMocks();
await reset();
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
