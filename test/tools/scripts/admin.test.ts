import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { COMMANDS, helpText, parseCommandLine, usageOf } from '../../../scripts/admin/command-line.ts';
import { issueKeyOf } from '../../../scripts/admin/key-commands.ts';
import { table } from '../../../scripts/admin/present.ts';
import { styleFor } from '../../../scripts/local/style.ts';

describe('the command line of npm run admin', () => {
  it('finds command, parameters and options in any order', () => {
    const line = parseCommandLine(['--json', 'key', '--scope', 'a', 'issue', 'w1', '--scope=b', '--remote']);
    expect(line.remote).toBe(true);
    expect(line.invocation?.command.words).toBe('key issue');
    expect(line.invocation?.input).toEqual({ positionals: ['w1'], options: { scope: ['a', 'b'] } });
  });

  it('finds the environment whose deployed database is to be used', () => {
    for (const words of [
      ['--remote', '--env', 'staging', 'workspace', 'list'],
      ['workspace', 'list', '-e', 'staging', '--remote'],
    ]) {
      expect(parseCommandLine(words)).toMatchObject({ remote: true, environment: 'staging' });
    }
    expect(parseCommandLine(['--remote', 'workspace', 'list']).environment).toBeNull();
  });

  it('shows the help without words, for help and for --help', () => {
    for (const words of [[], ['help'], ['--help'], ['key', 'issue', '-h']]) {
      expect(parseCommandLine(words).invocation).toBeNull();
    }
  });

  it.each([
    [['workspace'], /There is no command `workspace`/],
    [['key', 'destroy', 'k'], /There is no command `key destroy`/],
    [['key', 'revoke'], /Usage: key revoke <key-id>/],
    [['key', 'revoke', 'a', 'b'], /Usage: key revoke <key-id>/],
    [['key', 'revoke', 'a', '--name', 'x'], /`key revoke` has no option --name/],
    [['workspace', 'list', '--verbose'], /--verbose/],
    [['key', 'issue', 'w', '--rate'], /--rate/],
    [['workspace', 'list', '--env', 'staging'], /--env is for a deployed database/],
    [['workspace', 'list', '--remote', '--persist-to', 'x'], /--persist-to is for the local database/],
  ])('refuses %j and says why', (words, reason) => {
    expect(() => parseCommandLine(words)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(reason) }),
    );
  });

  it('shows every command in a help of 80 columns, and that an account must be connected at Stripe', () => {
    const help = helpText(styleFor(new PassThrough()));
    expect(COMMANDS).toHaveLength(12);
    const oneLine = help.replaceAll(/\s+/g, ' ');
    for (const command of COMMANDS) expect(oneLine).toContain(usageOf(command));
    for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(oneLine).toContain('must be connected to the platform at Stripe already');
  });
});

describe('what key issue grants', () => {
  it('is every scope of the service at 60 a minute, unless said otherwise', () => {
    expect(issueKeyOf({}, 'live')).toEqual({
      kind: 'secret',
      name: 'Secret key',
      scopes: ['service.payments.*'],
      allowedOrigins: [],
      rateLimitPerMinute: 60,
    });
    const narrow = issueKeyOf({ scope: ['service.payments.links.read'], rate: '600', name: 'Site' }, 'live');
    expect(narrow).toMatchObject({ name: 'Site', scopes: ['service.payments.links.read'], rateLimitPerMinute: 600 });
  });

  it('is only an allowlist of origins for a public key', () => {
    expect(
      issueKeyOf({ kind: 'public', origin: ['https://Shop.example', 'https://shop.example:443'] }, 'live'),
    ).toMatchObject({
      kind: 'public',
      scopes: [],
      allowedOrigins: ['https://shop.example'],
    });
  });

  it.each([
    [{ kind: 'admin' }, /--kind must be/],
    [{ scope: ['service.paymentsx.links.read'] }, /There is no scope service\.paymentsx\.links\.read/],
    [{ scope: ['service.payments.links.read', 'everything'] }, /There is no scope everything/],
    [{ origin: ['https://shop.example'] }, /--origin is for public keys/],
    [{ kind: 'public' }, /at least one --origin/],
    [{ kind: 'public', origin: ['https://shop.example'], scope: ['*'] }, /--scope is for secret keys/],
    [
      { kind: 'public', origin: ['http://localhost:3000'] },
      /--origin http:\/\/localhost:3000 .*only for pk_test_ keys/,
    ],
    [
      { kind: 'public', origin: ['https://shop.example/path'] },
      /--origin https:\/\/shop\.example\/path must be an origin such as/,
    ],
    [{ rate: '0' }, /--rate must be/],
    [{ rate: '1.5' }, /--rate must be/],
    [{ rate: '1000001' }, /--rate must be/],
    [{ rate: '-5' }, /--rate must be/],
  ])('refuses %j', (options, reason) => {
    expect(() => issueKeyOf(options, 'live')).toThrow(reason);
  });
});

describe('tables', () => {
  it('align their columns and leave no space at the ends of lines', () => {
    const rows = [
      ['a', 'bb', ''],
      ['ccc', 'd', 'e'],
    ];
    expect(table(rows)).toBe('a    bb\nccc  d   e');
    expect(table([])).toBe('');
  });
});
