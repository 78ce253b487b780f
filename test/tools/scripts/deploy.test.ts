import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRemoteDatabases } from '../../../scripts/local/open-database.ts';
import { isPlaceholderId, ROOT } from '../../../scripts/local/settings.ts';
import { readWranglerConfig } from '../../../scripts/local/wrangler-config.ts';

const SCRIPT = resolve(ROOT, 'scripts/deploy/main.ts');
const TOML = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
const PUBLISHED = JSON.parse(readFileSync(join(ROOT, 'public/openapi.json'), 'utf8'));
const PLACEHOLDER = '00000000-0000-0000-0000-000000000000';
const PRODUCTION_ID = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const STAGING_ID = '9c2f7f2e-0c3e-4a44-8a63-0c1f3a1c9d11';

/**
 * A wrangler that writes down how it is called, keeps the files that it would upload, and fails if told to. Like the real
 * one, it asks before it migrates, except in CI, and ends without a failure where the answer is no. The file `deployed`
 * has the databases of the deployed Worker; without it none is deployed.
 */
const WRANGLER = `
const { appendFileSync, cpSync, existsSync, readFileSync } = require('node:fs');
const words = process.argv.slice(2);
if (words[0] === 'deployments' && process.env.FAILS_AT !== 'deployments') {
  if (existsSync('deployed')) console.log(JSON.stringify({ versions: [{ version_id: 'v-7', percentage: 100 }] }));
  else console.error('This Worker does not exist on your account. [code: 10007]');
  process.exit(existsSync('deployed') ? 0 : 1);
}
if (words.join(' ').startsWith('versions view v-7 --json')) {
  console.log(JSON.stringify({ resources: { bindings: JSON.parse(readFileSync('deployed', 'utf8')) } }));
  process.exit(0);
}
appendFileSync('calls', words.join(' ') + '\\n');
if (words.includes('migrations') && !process.env.CI) process.exit(0);
if (words.includes('migrations')) appendFileSync('migrated', 'yes');
if (process.env.FAILS_AT && words.includes(process.env.FAILS_AT)) process.exit(1);
if (words.includes('--assets')) cpSync(words[words.indexOf('--assets') + 1], 'uploaded', { recursive: true });
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  mkdirSync(join(folder, 'node_modules/wrangler'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/wrangler/index.js'), WRANGLER);
  writeFileSync(join(folder, 'calls'), '');
  cpSync(join(ROOT, 'public'), join(folder, 'public'), { recursive: true });
  configure(
    TOML.replace(PLACEHOLDER, PRODUCTION_ID)
      .replace(PLACEHOLDER, STAGING_ID)
      .replace('# PUBLIC_URL = "https://pay.example.com"', 'PUBLIC_URL = "https://pay.example.com"')
      .replace('# PUBLIC_URL = "https://pay-staging.example.com"', 'PUBLIC_URL = "https://pay-staging.example.com"'),
  );
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const configure = (toml: string) => writeFileSync(join(folder, 'wrangler.toml'), toml);
const calls = () => readFileSync(join(folder, 'calls'), 'utf8').split('\n').filter(Boolean);
const withoutFolder = (call: string) => call.replace(/--assets \S+/, '--assets <folder>');
const uploaded = () => JSON.parse(readFileSync(join(folder, 'uploaded/openapi.json'), 'utf8'));

function deploy(words: readonly string[], environment: Record<string, string> = {}) {
  const flags = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, SCRIPT, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { HOME: folder, NO_COLOR: '1', ...environment },
  });
  return { status, stdout, stderr };
}

describe('npm run deploy', () => {
  it('migrates production and then deploys it, and names both', () => {
    const { status, stdout } = deploy([]);
    expect(status).toBe(0);
    expect(calls().map(withoutFolder)).toEqual([
      'd1 migrations apply DB --remote --env=',
      'deploy --env= --assets <folder>',
    ]);
    expect(stdout).toContain(`1/3 Check the environment production`);
    expect(stdout).toContain(`2/3 Apply the migrations to softsolz-payments (${PRODUCTION_ID})`);
    expect(stdout).toContain('3/3 Deploy softsolz-payments');
    expect(stdout).toContain("curl 'https://pay.example.com/health?deep=1'");
  });

  it.each([
    ['--env staging', ['--env', 'staging'], {}],
    ['-e staging', ['-e', 'staging'], {}],
    ['--env=staging, whatever CLOUDFLARE_ENV says', ['--env=staging'], { CLOUDFLARE_ENV: 'production' }],
    ['CLOUDFLARE_ENV', [], { CLOUDFLARE_ENV: 'staging' }],
  ])('checks, migrates and deploys only the environment of %s', (_what, words, environment) => {
    const { status, stdout } = deploy(words, environment);
    expect(status).toBe(0);
    expect(calls().map(withoutFolder)).toEqual([
      'd1 migrations apply DB --remote --env=staging',
      'deploy --env=staging --assets <folder>',
    ]);
    expect(stdout).toContain(`softsolz-payments-staging (${STAGING_ID})`);
    expect(stdout).not.toContain(PRODUCTION_ID);
    expect(uploaded().servers[0]).toEqual({ url: 'https://pay-staging.example.com' });
  });

  it('migrates nothing and uploads nothing with --dry-run, and says what it would do', () => {
    const { status, stdout } = deploy(['--dry-run', '--env', 'staging']);
    expect(status).toBe(0);
    expect(calls().map(withoutFolder)).toEqual(['deploy --env=staging --assets <folder> --dry-run']);
    expect(stdout).toContain('not done: wrangler d1 migrations apply DB --remote --env=staging');
    expect(stdout).toContain('Nothing was changed');
  });

  it.each(['--help', '-h'])('calls nothing with %s, whatever else is typed', (word) => {
    const { status, stdout } = deploy(['--env', 'nowhere', word]);
    expect(status).toBe(0);
    expect(stdout).toContain('--dry-run');
    expect(calls()).toEqual([]);
  });

  it.each([
    ['npm run deploy --dry-run', [], { npm_config_dry_run: 'true' }, '-- --dry-run'],
    ['npm run deploy --env=staging', [], { npm_config_env: 'staging' }, '-- --env'],
    ['npm run deploy --env staging', ['staging'], { npm_config_env: 'true' }, '-- --env'],
  ])('refuses %s, of which npm keeps the option for itself', (_what, words, environment, named) => {
    const { status, stderr } = deploy(words, environment);
    expect(status).toBe(1);
    expect(stderr).toContain(`npm run deploy ${named}`);
    expect(calls()).toEqual([]);
  });

  it.each([
    ['an environment that wrangler.toml does not have', ['--env', 'qa'], 'qa'],
    ['an option that it does not know', ['--evn', 'staging'], '--evn'],
    ['a secret as a --var', ['--var', 'SECRETS_KEY:abc'], 'SECRETS_KEY'],
    ['a --var that makes the address wrong', ['--var', 'PUBLIC_URL:http://pay.example.com'], 'PUBLIC_URL'],
  ])('refuses %s before it calls anything', (_what, words, named) => {
    const { status, stderr } = deploy(words);
    expect(status).toBe(1);
    expect(stderr).toContain(named);
    expect(stderr).not.toContain('    at ');
    expect(calls()).toEqual([]);
  });

  it('refuses wrangler.toml as it comes with the project, and names all that is missing', () => {
    configure(TOML);
    for (const words of [[], ['--env', 'staging'], ['--dry-run']]) {
      const { status, stderr } = deploy(words);
      expect(status).toBe(1);
      expect(stderr).toContain('PUBLIC_URL');
      expect(stderr).toContain('wrangler d1 create');
    }
    expect(calls()).toEqual([]);
  });

  it('refuses an environment that would take over the domain of production', () => {
    const route = '# routes = [{ pattern = "pay.example.com", custom_domain = true }]';
    configure(readFileSync(join(folder, 'wrangler.toml'), 'utf8').replace(route, route.slice(2)));
    const { status, stderr } = deploy(['--env', 'staging']);
    expect(status).toBe(1);
    expect(stderr).toContain('[env.staging] has the route of production, pay.example.com');
    expect(calls()).toEqual([]);
  });

  it('never deploys without the migrations: wrangler cannot ask whether to apply them', () => {
    expect(deploy([]).status).toBe(0);
    expect(readFileSync(join(folder, 'migrated'), 'utf8')).toBe('yes');
  });

  it('does not deploy where the migrations fail', () => {
    const { status, stderr } = deploy([], { FAILS_AT: 'migrations' });
    expect(status).toBe(1);
    expect(stderr).toContain('The steps after it were not done');
    expect(calls()).toHaveLength(1);
  });

  describe('of several databases', () => {
    const SECOND_ID = '5f0c1c1e-3a53-4d0b-9d4e-6c0a52d1b0aa';
    const second = `[[d1_databases]]
binding = "DB_1"
database_name = "softsolz-payments-1"
database_id = "${SECOND_ID}"
migrations_dir = "drizzle"

`;
    const first = { type: 'd1', name: 'DB', id: PRODUCTION_ID };
    const other = { type: 'kv_namespace', name: 'KV', namespace_id: 'x' };
    const bindSecond = () => {
      const toml = readFileSync(join(folder, 'wrangler.toml'), 'utf8');
      configure(toml.replace('[[durable_objects.bindings]]', `${second}[[durable_objects.bindings]]`));
    };
    const isDeployed = (...bindings: unknown[]) =>
      writeFileSync(join(folder, 'deployed'), JSON.stringify([...bindings, other]));

    it('migrates each before it deploys the Worker, which may get one more', () => {
      bindSecond();
      isDeployed(first);
      const { status, stdout } = deploy([]);
      expect(status).toBe(0);
      expect(calls().map(withoutFolder)).toEqual([
        'd1 migrations apply DB --remote --env=',
        'd1 migrations apply DB_1 --remote --env=',
        'deploy --env= --assets <folder>',
      ]);
      expect(stdout).toContain(`softsolz-payments (${PRODUCTION_ID}), softsolz-payments-1 (${SECOND_ID})`);
    });

    it('shows each with --dry-run', () => {
      bindSecond();
      const { stdout } = deploy(['--dry-run']);
      expect(stdout).toContain('not done: wrangler d1 migrations apply DB --remote --env=');
      expect(stdout).toContain('not done: wrangler d1 migrations apply DB_1 --remote --env=');
      expect(calls().map(withoutFolder)).toEqual(['deploy --env= --assets <folder> --dry-run']);
    });

    it('stops at the first that fails, and says which have the migrations', () => {
      bindSecond();
      const { status, stderr } = deploy([], { FAILS_AT: 'DB_1' });
      expect(status).toBe(1);
      expect(stderr).toContain(
        'The migrations of DB_1 failed. Databases that have them: DB. The Worker is not deployed',
      );
      expect(calls()).toHaveLength(2);
    });

    it('refuses a wrangler.toml without a database of the deployed Worker, before it migrates', () => {
      isDeployed(first, { type: 'd1', name: 'DB_1', id: SECOND_ID });
      const { status, stderr } = deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain(`DB_1: the deployed Worker has the database ${SECOND_ID}`);
      expect(calls()).toEqual([]);
    });

    it('knows the database of a binding by its new name at Cloudflare too', () => {
      isDeployed({ type: 'd1', name: 'DB', database_id: SECOND_ID });
      const { status, stderr } = deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain(`DB: the deployed Worker has the database ${SECOND_ID}`);
    });

    it('changes nothing where Cloudflare names a database without its id', () => {
      isDeployed(first, { type: 'd1', name: 'DB_1' });
      const { status, stderr } = deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain('Not deployed: wrangler does not say which database the deployed Worker has as DB_1.');
      expect(calls()).toEqual([]);
    });

    it('changes nothing where Cloudflare does not say what is deployed', () => {
      const { status, stderr } = deploy([], { FAILS_AT: 'deployments' });
      expect(status).toBe(1);
      expect(stderr).toContain('does not say which databases');
      expect(calls()).toEqual(['deployments status --json --env=']);
    });
  });

  it('fails where the upload fails', () => {
    expect(deploy([], { FAILS_AT: 'deploy' }).status).toBe(1);
  });

  it('passes on variables, a tag and a message, and uploads the OpenAPI document with the address that counts', () => {
    const words = ['--var', 'PUBLIC_URL:https://other.example.com/', '--tag', 'v7', '--message', 'Seventh'];
    expect(deploy(words).status).toBe(0);
    expect(calls()[1]).toMatch(/ --var PUBLIC_URL:https:\/\/other\.example\.com\/ --tag v7 --message Seventh$/);
    expect(uploaded()).toEqual({
      ...PUBLISHED,
      servers: [{ url: 'https://other.example.com' }, ...PUBLISHED.servers],
    });
    expect(readFileSync(join(folder, 'uploaded/softsolz.js'), 'utf8')).toBe(
      readFileSync(join(ROOT, 'public/softsolz.js'), 'utf8'),
    );
  });

  it('names each server once in the OpenAPI document, where it is deployed to the published address', () => {
    const [first, ...others] = PUBLISHED.servers;
    expect(deploy(['--var', `PUBLIC_URL:${first.url}`]).status).toBe(0);
    expect(uploaded().servers).toEqual([first, ...others]);
  });
});

describe('the example of a second database in wrangler.toml', () => {
  it.each([null, 'staging'])('is right as it stands once its # are removed (environment %s)', (environment) => {
    const example = /^# (\[\[(env\.staging\.)?d1_databases\]\]|(binding|database_\w+|migrations_dir) = .*)$/gm;
    configure(TOML.replaceAll(example, '$1'));
    const databases = readWranglerConfig(join(folder, 'wrangler.toml'), environment).d1_databases;
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
    const path = join(ROOT, 'wrangler.toml');
    const parts = (environment: string | null) => {
      const config = readWranglerConfig(path, environment);
      const { name, assets, triggers, placement, observability, migrations, durable_objects } = config;
      const { compatibility_date, compatibility_flags, d1_databases, queues } = config;
      const ratelimits = config.ratelimits.map(({ namespace_id: _, ...limit }) => limit);
      const own = { d1_databases, queues, ratelimits, durable_objects, migrations };
      return { name, assets, triggers, placement, observability, compatibility_date, compatibility_flags, ...own };
    };
    const staging = JSON.stringify(parts('staging'));
    expect(staging).toContain('softsolz-payments-staging');
    expect(JSON.parse(staging.replaceAll(/-staging/g, ''))).toEqual(JSON.parse(JSON.stringify(parts(null))));
    const namespaces = [null, 'staging'].map((name) => readWranglerConfig(path, name).ratelimits[0]?.namespace_id);
    expect(new Set(namespaces).size).toBe(2);
  });
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
