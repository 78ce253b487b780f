import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../scripts/admin/command-line.ts';
import { COMMANDS } from '../../../scripts/admin/commands.ts';
import { commandHelp, helpText, usageOf } from '../../../scripts/admin/help.ts';
import { issueKeyOf } from '../../../scripts/admin/key-commands.ts';
import { counted, table, titledTable } from '../../../scripts/admin/present.ts';
import { workspaceNameOf } from '../../../scripts/admin/workspace-commands.ts';
import { styleFor } from '../../../scripts/local/style.ts';

const PLAIN = styleFor(new PassThrough());

describe('the command line of npm run admin', () => {
  it('finds command, parameters and options in any order', () => {
    const line = parseCommandLine(['--json', 'key', '--scope', 'a', 'issue', 'w1', '--scope=b', '--remote']);
    expect(line.place).toEqual({ remote: true, env: undefined, persistTo: undefined });
    expect(line.command?.words).toBe('key issue');
    expect(line.input).toEqual({ positionals: ['w1'], options: { scope: ['a', 'b'] } });
  });

  it('takes a workspace as the first value or as --workspace, and lists with commas', () => {
    for (const words of [
      ['payment', 'list', 'w1'],
      ['payment', 'list', '--workspace', 'w1'],
    ]) {
      expect(parseCommandLine(words).input?.positionals).toEqual(['w1']);
    }
    expect(parseCommandLine(['payment', 'show', '17', '--workspace', 'w1']).input?.positionals).toEqual(['w1', '17']);
    const issued = parseCommandLine(['key', 'issue', 'w1', '--scope', 'a,b', '--scope', ' c ']);
    expect(issued.input?.options.scope).toEqual(['a', 'b', 'c']);
  });

  it('takes an environment of wrangler.toml with --remote', () => {
    for (const option of ['--env', '-e']) {
      expect(parseCommandLine(['drift', '--remote', option, 'staging']).place).toMatchObject({ env: 'staging' });
    }
  });

  it('shows the help of all commands without words, and that of one command for --help', () => {
    for (const words of [[], ['help'], ['--help'], ['-h']]) {
      expect(parseCommandLine(words)).toMatchObject({ command: null, family: null, input: null });
    }
    for (const words of [
      ['key', '--help'],
      ['help', 'key'],
    ]) {
      expect(parseCommandLine(words)).toMatchObject({ command: null, family: 'key', input: null });
    }
    for (const words of [
      ['key', 'issue', '-h'],
      ['help', 'key', 'issue'],
      ['key', 'issue', 'w', '--rate', '5', '--help'],
    ]) {
      expect(parseCommandLine(words)).toMatchObject({ command: { words: 'key issue' }, input: null });
    }
  });

  it.each([
    [['workspace'], /There is no command `workspace`.*workspace create, workspace list/],
    [['key', 'destroy', 'k'], /There is no command `key destroy`/],
    [['payments', 'list', 'w'], /There is no command `payments list`. Did you mean `payment list`\?/],
    [['drfit'], /Did you mean `drift`\?/],
    [['key', 'revoke'], /`key revoke` needs <key-id>. Usage: key revoke <key-id>/],
    [['key', 'revoke', 'a', 'b'], /`key revoke` does not take `b`. Usage: key revoke <key-id>/],
    [['key', 'revoke', 'a', '--name', 'x'], /`key revoke` has no option --name. Usage/],
    [['key', 'revoke', 'a', '--workspace', 'x'], /`key revoke` has no option --workspace/],
    [['workspace', 'create'], /`workspace create` needs --name/],
    [['workspace', 'list', '--verbose'], /There is no option --verbose/],
    [['key', 'issue', 'w', '--scop', 'x'], /There is no option --scop. Did you mean `--scope`\?/],
    [['key', 'issue', 'w', '--rate'], /--rate needs a value: --rate <per minute>/],
    [['key', 'issue', 'w', '--rate', '--json'], /--rate needs a value/],
    [['key', 'issue', 'w', '--rate', '1', '--rate', '2'], /--rate may be given once/],
    [['workspace', 'list', '--json=yes'], /--json takes no value/],
    [['account', 'onboard', 'w', '--start-over=yes'], /--start-over takes no value/],
    [['account', 'status', 'w', '--start-over'], /`account status` has no option --start-over. Usage/],
    [['workspace', 'list', '--remote', '--persist-to', 'x'], /--persist-to is for the local database/],
    [['workspace', 'list', '--env', 'staging'], /--env is for a deployed database. Add --remote/],
  ])('refuses %j and says why', (words, reason) => {
    expect(() => parseCommandLine(words)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(reason) }),
    );
  });

  it('shows every command in a help of 80 columns, and its options in its own help', () => {
    const help = helpText(COMMANDS, PLAIN);
    for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    for (const command of COMMANDS) {
      expect(help).toContain([command.words, ...command.parameters].join(' '));
      const own = commandHelp(command, PLAIN);
      for (const line of own.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
      expect(own.replaceAll(/\s+/g, ' ')).toContain(usageOf(command));
      for (const option of command.options) expect(own).toMatch(new RegExp(`^ {2}--${option}( |$)`, 'm'));
    }
  });

  it('has an example for every command that the command line takes', () => {
    for (const { words, example } of COMMANDS) {
      const typed = [...example.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
        ([, one, two, three]) => one ?? two ?? three ?? '',
      );
      expect(parseCommandLine([...words.split(' '), ...typed]).command?.words).toBe(words);
    }
  });
});

describe('the name of a new workspace, which buyers see', () => {
  it('is one line with something to see, and without direction characters', () => {
    expect(workspaceNameOf(' Café عربون ')).toBe('Café عربون');
    for (const name of [undefined, '', ' ', '\u200b', '\u3164', 'a\nb', 'Bank\u202egro', '\u2066a', 'x'.repeat(251)]) {
      expect(() => workspaceNameOf(name)).toThrow(expect.objectContaining({ code: 'usage' }));
    }
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
    [
      { scope: ['service.paymentsx.links.read'] },
      /no scope service\.paymentsx\.links\.read. Did you mean `service\.payments\.links\.read`\?/,
    ],
    [{ scope: ['service.payments.links.read', 'everything'] }, /There is no scope everything. The scopes are/],
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

  it('have titles, and shorten long text to one line', () => {
    expect(titledTable(['a long\ntext', 'b'], [['title', (text) => text, 6]])).toBe('title\na lon…\nb');
    expect(titledTable([], [['title', String]])).toBe('');
    expect([counted(1, 'payment'), counted(0, 'payment')]).toEqual(['1 payment', '0 payments']);
  });
});
