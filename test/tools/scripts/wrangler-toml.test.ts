import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openRemoteDatabases } from '../../../scripts/local/open-database.ts';
import { isPlaceholderId, ROOT } from '../../../scripts/local/settings.ts';
import { readWranglerConfig } from '../../../scripts/local/wrangler-config.ts';

const TOML = join(ROOT, 'wrangler.toml');

describe('the example of a second database', () => {
  it.each([
    ['wrangler.toml', null],
    ['wrangler.toml', 'staging'],
    ['wrangler.merchant-app.toml', null],
    ['wrangler.merchant-app.toml', 'staging'],
  ])('is right as it stands in %s once its # are removed (environment %s)', (file, environment) => {
    const example = /^# (\[\[(env\.staging\.)?d1_databases\]\]|(binding|database_\w+|migrations_dir) = .*)$/gm;
    const folder = mkdtempSync(join(tmpdir(), 'wrangler-toml-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'wrangler.toml');
    writeFileSync(path, readFileSync(join(ROOT, file), 'utf8').replaceAll(example, '$1'));
    const databases = readWranglerConfig(path, environment).d1_databases;
    expect(databases.map(({ binding }) => binding)).toEqual(['DB', 'DB_1']);
    const settings = databases.map(
      ({ database_name: name = '', database_id: id = '', migrations_dir: migrations }) => ({
        name: name.replace(/-1$/, ''),
        isPlaceholder: isPlaceholderId(id),
        migrations,
      }),
    );
    expect(settings[1]).toEqual(settings[0]);
    expect(new Set(databases.map(({ database_id: id }) => id)).size).toBe(2);
  });
});

describe('[env.staging] in wrangler.toml', () => {
  it('has everything that production has, with the same settings and other names', () => {
    const parts = (environment: string | null) => {
      const config = readWranglerConfig(TOML, environment);
      const { name, assets, triggers, placement, observability, migrations, durable_objects } = config;
      const { compatibility_date, compatibility_flags, d1_databases, queues } = config;
      const ratelimits = config.ratelimits.map(({ namespace_id: _, ...limit }) => limit);
      const own = { d1_databases, queues, ratelimits, durable_objects, migrations };
      return { name, assets, triggers, placement, observability, compatibility_date, compatibility_flags, ...own };
    };
    const staging = JSON.stringify(parts('staging'));
    expect(staging).toContain('softsolz-payments-staging');
    expect(JSON.parse(staging.replaceAll(/-staging/g, ''))).toEqual(JSON.parse(JSON.stringify(parts(null))));
    const namespaces = [null, 'staging'].map((name) => readWranglerConfig(TOML, name).ratelimits[0]?.namespace_id);
    expect(new Set(namespaces).size).toBe(2);
  });
});

describe('wrangler.merchant-app.toml', () => {
  const APP_TOML = join(ROOT, 'wrangler.merchant-app.toml');

  it.each([null, 'staging'])(
    'has the databases, queues, objects and compatibility date of the API (environment %s)',
    (environment) => {
      const [api, app] = [TOML, APP_TOML].map((path) => readWranglerConfig(path, environment));
      expect(app?.d1_databases).toEqual(api?.d1_databases);
      expect(app?.queues.producers).toEqual(api?.queues.producers);
      expect(app?.durable_objects.bindings).toEqual(
        api?.durable_objects.bindings.map((object) => ({ ...object, script_name: api.name })),
      );
      expect(app?.compatibility_date).toBe(api?.compatibility_date);
      expect(app?.send_email.map(({ name }) => name)).toEqual(['MAIL']);
      expect(app?.triggers.crons).toHaveLength(1);
      expect(app?.name).toBe(environment === null ? 'softsolz-merchant-app' : 'softsolz-merchant-app-staging');
    },
  );
});

describe('npm run admin -- --remote', () => {
  it('looks for the database of the environment that is named, and refuses one that does not exist', () => {
    const refusalOf = (environment: string | null) => openRemoteDatabases(environment).catch((error) => error.message);
    return Promise.all([
      expect(refusalOf(null)).resolves.toContain('wrangler d1 create softsolz-payments`'),
      expect(refusalOf('staging')).resolves.toContain('wrangler d1 create softsolz-payments-staging`'),
      expect(refusalOf('qa')).resolves.toContain('"qa"'),
    ]);
  });
});
