import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { boundShards } from '../../../src/core/shards.ts';
import { beginShardsAnew } from './shards.ts';

// Test files share a runtime one after another: each begins with empty storage and a real clock.
vi.useRealTimers();
vi.restoreAllMocks();
beginShardsAnew();
await reset();
for (const { binding } of boundShards(env)) await applyD1Migrations(binding, env.TEST_MIGRATIONS);
