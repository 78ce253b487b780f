import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDeploy } from '../../../scripts/deploy/run.ts';
import { ROOT } from '../../../scripts/local/settings.ts';
import { FakeWrangler } from './support/fake-wrangler.ts';

const SCRIPT = resolve(ROOT, 'scripts/deploy/main.ts');
const TOML = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
const APP_TOML = readFileSync(join(ROOT, 'wrangler.merchant-app.toml'), 'utf8');
const PUBLISHED = JSON.parse(readFileSync(join(ROOT, 'public/openapi.json'), 'utf8'));
const PLACEHOLDER = '00000000-0000-0000-0000-000000000000';
const PRODUCTION_ID = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const STAGING_ID = '9c2f7f2e-0c3e-4a44-8a63-0c1f3a1c9d11';

const APP_VARS = ['APP_URL = "https://app.example.com"', 'MAIL_FROM = "no-reply@example.com"'];

let folder: string;
let wrangler: FakeWrangler;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  wrangler = new FakeWrangler(join(folder, 'uploaded'));
  writeFileSync(join(folder, 'wrangler.merchant-app.toml'), APP_TOML);
  cpSync(join(ROOT, 'public'), join(folder, 'public'), { recursive: true });
  configure(
    TOML.replace(PLACEHOLDER, PRODUCTION_ID)
      .replace(PLACEHOLDER, STAGING_ID)
      .replace('# PUBLIC_URL = "https://pay.example.com"', 'PUBLIC_URL = "https://pay.example.com"')
      .replace('# PUBLIC_URL = "https://pay-staging.example.com"', 'PUBLIC_URL = "https://pay-staging.example.com"'),
  );
});

/** Gives production a merchant app. `lines`: what stands under [vars]; `databaseId`: the database that it binds. */
function configureApp(lines: readonly string[] = APP_VARS, databaseId = PRODUCTION_ID): void {
  const toml = APP_TOML.replace(PLACEHOLDER, databaseId).replace('[vars]', ['[vars]', ...lines].join('\n'));
  writeFileSync(join(folder, 'wrangler.merchant-app.toml'), toml);
}

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const configure = (toml: string) => writeFileSync(join(folder, 'wrangler.toml'), toml);
const withoutFolder = (call: string) => call.replace(/--assets \S+/, '--assets <folder>');
const uploaded = () => JSON.parse(readFileSync(join(folder, 'uploaded/openapi.json'), 'utf8'));

async function deploy(words: readonly string[], environment: Record<string, string> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await runDeploy(words, { environment, folder, stdout, stderr, wrangler });
  return { status, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

describe('npm run deploy', () => {
  it('migrates production and then deploys it, and names both', async () => {
    const { status, stdout } = await deploy([]);
    expect(status).toBe(0);
    expect(wrangler.calls.map(withoutFolder)).toEqual([
      'd1 migrations apply DB --remote --env=',
      'deploy --env= --assets <folder>',
    ]);
    expect(stdout).toContain(`1. Check the environment production`);
    expect(stdout).toContain(`2. Apply the migrations to softsolz-payments (${PRODUCTION_ID})`);
    expect(stdout).toContain('3. Deploy softsolz-payments');
    expect(stdout).toContain("curl 'https://pay.example.com/health?deep=1'");
  });

  it.each([
    ['--env staging', ['--env', 'staging'], {}],
    ['-e staging', ['-e', 'staging'], {}],
    ['--env=staging, whatever CLOUDFLARE_ENV says', ['--env=staging'], { CLOUDFLARE_ENV: 'production' }],
    ['CLOUDFLARE_ENV', [], { CLOUDFLARE_ENV: 'staging' }],
  ])('checks, migrates and deploys only the environment of %s', async (_what, words, environment) => {
    const { status, stdout } = await deploy(words, environment);
    expect(status).toBe(0);
    expect(wrangler.calls.map(withoutFolder)).toEqual([
      'd1 migrations apply DB --remote --env=staging',
      'deploy --env=staging --assets <folder>',
    ]);
    expect(stdout).toContain(`softsolz-payments-staging (${STAGING_ID})`);
    expect(stdout).not.toContain(PRODUCTION_ID);
    expect(uploaded().servers[0]).toEqual({ url: 'https://pay-staging.example.com' });
  });

  it('migrates nothing and uploads nothing with --dry-run, and says what it would do', async () => {
    const { status, stdout } = await deploy(['--dry-run', '--env', 'staging']);
    expect(status).toBe(0);
    expect(wrangler.calls.map(withoutFolder)).toEqual(['deploy --env=staging --assets <folder> --dry-run']);
    expect(stdout).toContain('not done: wrangler d1 migrations apply DB --remote --env=staging');
    expect(stdout).toContain('Nothing was changed');
  });

  it.each(['--help', '-h'])('calls nothing with %s, whatever else is typed', async (word) => {
    const { status, stdout } = await deploy(['--env', 'nowhere', word]);
    expect(status).toBe(0);
    expect(stdout).toContain('--dry-run');
    expect(wrangler.calls).toEqual([]);
  });

  it.each([
    ['npm run deploy --dry-run', [], { npm_config_dry_run: 'true' }, '-- --dry-run'],
    ['npm run deploy --env=staging', [], { npm_config_env: 'staging' }, '-- --env'],
    ['npm run deploy --env staging', ['staging'], { npm_config_env: 'true' }, '-- --env'],
  ])('refuses %s, of which npm keeps the option for itself', async (_what, words, environment, named) => {
    const { status, stderr } = await deploy(words, environment);
    expect(status).toBe(1);
    expect(stderr).toContain(`npm run deploy ${named}`);
    expect(wrangler.calls).toEqual([]);
  });

  it.each([
    ['an environment that wrangler.toml does not have', ['--env', 'qa'], 'qa'],
    ['an option that it does not know', ['--evn', 'staging'], '--evn'],
    ['a secret as a --var', ['--var', 'SECRETS_KEY:abc'], 'SECRETS_KEY'],
    ['a --var that makes the address wrong', ['--var', 'PUBLIC_URL:http://pay.example.com'], 'PUBLIC_URL'],
  ])('refuses %s before it calls anything', async (_what, words, named) => {
    const { status, stderr } = await deploy(words);
    expect(status).toBe(1);
    expect(stderr).toContain(named);
    expect(stderr).not.toContain('    at ');
    expect(wrangler.calls).toEqual([]);
  });

  it('refuses wrangler.toml as it comes with the project, and names all that is missing', async () => {
    configure(TOML);
    for (const words of [[], ['--env', 'staging'], ['--dry-run']]) {
      const { status, stderr } = await deploy(words);
      expect(status).toBe(1);
      expect(stderr).toContain('PUBLIC_URL');
      expect(stderr).toContain('wrangler d1 create');
    }
    expect(wrangler.calls).toEqual([]);
  });

  it('refuses an environment that would take over the domain of production', async () => {
    const route = '# routes = [{ pattern = "pay.example.com", custom_domain = true }]';
    configure(readFileSync(join(folder, 'wrangler.toml'), 'utf8').replace(route, route.slice(2)));
    const { status, stderr } = await deploy(['--env', 'staging']);
    expect(status).toBe(1);
    expect(stderr).toContain('[env.staging] has the route of production, pay.example.com');
    expect(wrangler.calls).toEqual([]);
  });

  it('never deploys without the migrations: wrangler cannot ask whether to apply them', async () => {
    expect((await deploy([])).status).toBe(0);
    expect(wrangler.isMigrated).toBe(true);
  });

  it('does not deploy where the migrations fail', async () => {
    wrangler.failsAt = 'migrations';
    const { status, stderr } = await deploy([]);
    expect(status).toBe(1);
    expect(stderr).toContain('The steps after it were not done');
    expect(wrangler.calls).toHaveLength(1);
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
    const isDeployed = (...bindings: unknown[]) => {
      wrangler.deployed = [...bindings, other];
    };

    it('migrates each before it deploys the Worker, which may get one more', async () => {
      bindSecond();
      isDeployed(first);
      const { status, stdout } = await deploy([]);
      expect(status).toBe(0);
      expect(wrangler.calls.map(withoutFolder)).toEqual([
        'd1 migrations apply DB --remote --env=',
        'd1 migrations apply DB_1 --remote --env=',
        'deploy --env= --assets <folder>',
      ]);
      expect(stdout).toContain(`softsolz-payments (${PRODUCTION_ID}), softsolz-payments-1 (${SECOND_ID})`);
    });

    it('shows each with --dry-run', async () => {
      bindSecond();
      const { stdout } = await deploy(['--dry-run']);
      expect(stdout).toContain('not done: wrangler d1 migrations apply DB --remote --env=');
      expect(stdout).toContain('not done: wrangler d1 migrations apply DB_1 --remote --env=');
      expect(wrangler.calls.map(withoutFolder)).toEqual(['deploy --env= --assets <folder> --dry-run']);
    });

    it('stops at the first that fails, and says which have the migrations', async () => {
      bindSecond();
      wrangler.failsAt = 'DB_1';
      const { status, stderr } = await deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain(
        'The migrations of DB_1 failed. Databases that have them: DB. The Worker is not deployed',
      );
      expect(wrangler.calls).toHaveLength(2);
    });

    it('refuses a wrangler.toml without a database of the deployed Worker, before it migrates', async () => {
      isDeployed(first, { type: 'd1', name: 'DB_1', id: SECOND_ID });
      const { status, stderr } = await deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain(`DB_1: the deployed Worker has the database ${SECOND_ID}`);
      expect(wrangler.calls).toEqual([]);
    });

    it('knows the database of a binding by its new name at Cloudflare too', async () => {
      isDeployed({ type: 'd1', name: 'DB', database_id: SECOND_ID });
      const { status, stderr } = await deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain(`DB: the deployed Worker has the database ${SECOND_ID}`);
    });

    it('changes nothing where Cloudflare names a database without its id', async () => {
      isDeployed(first, { type: 'd1', name: 'DB_1' });
      const { status, stderr } = await deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain('Not deployed: wrangler does not say which database the deployed Worker has as DB_1.');
      expect(wrangler.calls).toEqual([]);
    });

    it('changes nothing where Cloudflare does not say what is deployed', async () => {
      wrangler.failsAt = 'deployments';
      const { status, stderr } = await deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain('does not say which databases');
      expect(wrangler.calls).toEqual([]);
    });
  });

  describe('with a merchant app', () => {
    const DEPLOY_APP = 'deploy --config wrangler.merchant-app.toml --env=';

    it('deploys it after the API, with the same tag, message and variables', async () => {
      configureApp();
      const { status, stdout } = await deploy(['--var', 'AUDIT_DAYS:90', '--tag', 'v7']);
      expect(status).toBe(0);
      expect(wrangler.calls.map(withoutFolder)).toEqual([
        'd1 migrations apply DB --remote --env=',
        'deploy --env= --assets <folder> --var AUDIT_DAYS:90 --tag v7',
        `${DEPLOY_APP} --var PUBLIC_URL:https://pay.example.com --var AUDIT_DAYS:90 --tag v7`,
      ]);
      expect(stdout).toContain('4. Deploy softsolz-merchant-app');
    });

    it('gives it alone the variables that only it has, and needs no others in its file', async () => {
      configureApp([]);
      const own = ['APP_URL:https://app.example.com', 'MAIL_FROM:no-reply@example.com', 'SIGN_UP:open'];
      const options = own.map((text) => `--var ${text}`).join(' ');
      expect((await deploy(options.split(' '))).status).toBe(0);
      expect(wrangler.calls.map(withoutFolder).slice(1)).toEqual([
        'deploy --env= --assets <folder>',
        `${DEPLOY_APP} --var PUBLIC_URL:https://pay.example.com ${options}`,
      ]);
    });

    it.each([
      ['APP_URL:http://app.example.com', 'APP_URL: set'],
      ['MAIL_FROM:nobody', 'MAIL_FROM: set'],
      ['SIGN_UP:closed', 'SIGN_UP: it must'],
      ['AUTH_SECRET:x', 'wrangler secret put AUTH_SECRET --config'],
    ])('deploys nothing of either with --var %s', async (variable, reason) => {
      configureApp();
      const { status, stderr } = await deploy(['--var', variable]);
      expect(status).toBe(1);
      expect(stderr).toContain(reason);
      expect(wrangler.calls).toEqual([]);
    });

    it('only builds it with --dry-run', async () => {
      configureApp();
      expect((await deploy(['--dry-run'])).status).toBe(0);
      expect(wrangler.calls.at(-1)).toBe(`${DEPLOY_APP} --var PUBLIC_URL:https://pay.example.com --dry-run`);
    });

    it('leaves it out where it has no APP_URL, and says so', async () => {
      const { status, stdout } = await deploy([]);
      expect(status).toBe(0);
      expect(wrangler.calls.map(withoutFolder).at(-1)).toBe('deploy --env= --assets <folder>');
      expect(stdout).toContain('wrangler.merchant-app.toml has no APP_URL');
    });

    it.each([
      ['an address without https', ['APP_URL = "http://app.example.com"', APP_VARS[1] ?? ''], 'APP_URL: set'],
      ['an address with a path', ['APP_URL = "https://app.example.com/app"', APP_VARS[1] ?? ''], 'APP_URL: set'],
      ['no sender of its mails', [APP_VARS[0] ?? ''], 'MAIL_FROM: set'],
      ['a SIGN_UP that it does not know', [...APP_VARS, 'SIGN_UP = "closed"'], 'SIGN_UP: it must'],
      ['its secret as a variable', [...APP_VARS, 'AUTH_SECRET = "x"'], 'wrangler secret put AUTH_SECRET --config'],
    ])('deploys nothing of either with %s', async (_what, lines, reason) => {
      configureApp(lines);
      const { status, stderr } = await deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain(reason);
      expect(wrangler.calls).toEqual([]);
    });

    it('deploys nothing where it lacks secrets at Cloudflare, and names the command for each', async () => {
      configureApp();
      wrangler.secrets.app.length = 0;
      const { status, stderr } = await deploy([]);
      expect(status).toBe(1);
      for (const name of ['AUTH_SECRET', 'SECRETS_KEY', 'STRIPE_SECRET_KEY_TEST']) {
        expect(stderr).toContain(`npx wrangler secret put ${name} --config wrangler.merchant-app.toml`);
      }
      expect(stderr).not.toContain('OPERATOR_TOKEN');
      expect(wrangler.calls).toEqual([]);
    });

    it('deploys nothing where Cloudflare does not say which secrets there are', async () => {
      configureApp();
      wrangler.failsAt = 'secret';
      const { status, stderr } = await deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain('does not say which secrets');
      expect(wrangler.calls).toEqual([]);
    });

    it('deploys nothing for an environment that would take over the domain of production', async () => {
      const route = '# routes = [{ pattern = "app.example.com", custom_domain = true }]';
      const vars = APP_VARS.map((line) => line.replace('app.', 'app-staging.'));
      const toml = APP_TOML.replace(PLACEHOLDER, PRODUCTION_ID).replace(PLACEHOLDER, STAGING_ID);
      const withVars = toml.replace('[env.staging.vars]', ['[env.staging.vars]', ...vars].join('\n'));
      writeFileSync(join(folder, 'wrangler.merchant-app.toml'), withVars.replace(route, route.slice(2)));
      const { status, stderr } = await deploy(['--env', 'staging']);
      expect(status).toBe(1);
      expect(stderr).toContain(
        '[env.staging] of wrangler.merchant-app.toml has the route of production, app.example.com',
      );
      expect(wrangler.calls).toEqual([]);
    });

    it('deploys nothing where it has another database than the API', async () => {
      configureApp(APP_VARS, STAGING_ID);
      const { status, stderr } = await deploy([]);
      expect(status).toBe(1);
      expect(stderr).toContain(`must have the database_id that DB has in wrangler.toml, ${PRODUCTION_ID}`);
      expect(wrangler.calls).toEqual([]);
    });
  });

  it('fails where the upload fails', async () => {
    wrangler.failsAt = 'deploy';
    expect((await deploy([])).status).toBe(1);
  });

  it('passes on variables, a tag and a message, and uploads the OpenAPI document with the address that counts', async () => {
    const words = ['--var', 'PUBLIC_URL:https://other.example.com/', '--tag', 'v7', '--message', 'Seventh'];
    expect((await deploy(words)).status).toBe(0);
    expect(wrangler.calls[1]).toMatch(/ --var PUBLIC_URL:https:\/\/other\.example\.com\/ --tag v7 --message Seventh$/);
    expect(uploaded()).toEqual({
      ...PUBLISHED,
      servers: [{ url: 'https://other.example.com' }, ...PUBLISHED.servers],
    });
    expect(readFileSync(join(folder, 'uploaded/softsolz.js'), 'utf8')).toBe(
      readFileSync(join(ROOT, 'public/softsolz.js'), 'utf8'),
    );
  });

  it('names each server once in the OpenAPI document, where it is deployed to the published address', async () => {
    const [first, ...others] = PUBLISHED.servers;
    expect((await deploy(['--var', `PUBLIC_URL:${first.url}`])).status).toBe(0);
    expect(uploaded().servers).toEqual([first, ...others]);
  });
});

describe('the process of npm run deploy', () => {
  /** It writes down how it is called. */
  const WRANGLER = `
const words = process.argv.slice(2);
require('node:fs').appendFileSync('calls', (process.env.CI ?? 'asks') + ' ' + words.join(' ') + '\\n');
if (words[0] === 'deployments') console.log('{"versions":[{"version_id":"v-7"}]}');
if (words[0] === 'versions') console.log('{"resources":{"bindings":[]}}');
if (words.includes(process.env.FAILS_AT)) process.exit(1);
`;

  function runMain(environment: Record<string, string> = {}) {
    mkdirSync(join(folder, 'node_modules/wrangler'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/wrangler/index.js'), WRANGLER);
    const flags = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, SCRIPT, '--env', 'staging'], {
      cwd: folder,
      encoding: 'utf8',
      env: { HOME: folder, NO_COLOR: '1', ...environment },
    });
    const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n').filter(Boolean);
    return { status, stdout, stderr, calls };
  }

  it('calls the wrangler of the working directory, which asks nothing while it migrates', () => {
    const { status, stdout, stderr, calls } = runMain();
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Deployed. Check it');
    expect(calls.map(withoutFolder)).toEqual([
      'asks deployments status --json --env=staging',
      'asks versions view v-7 --json --env=staging',
      'true d1 migrations apply DB --remote --env=staging',
      'asks deploy --env=staging --assets <folder>',
    ]);
  });

  it('ends with the exit code 1 where wrangler fails', () => {
    const { status, stderr, calls } = runMain({ FAILS_AT: 'migrations' });
    expect(status).toBe(1);
    expect(stderr).toContain('The steps after it were not done');
    expect(calls).toHaveLength(3);
  });
});
