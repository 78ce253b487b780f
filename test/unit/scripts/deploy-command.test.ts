import { describe, expect, it } from 'vitest';
import { HELP, parseDeployCommand } from '../../../scripts/deploy/command-line.ts';

describe('the command line of npm run deploy', () => {
  it('is for production and changes things, unless it says otherwise', () => {
    const production = { environment: null, dryRun: false, vars: {}, labels: [] };
    expect(parseDeployCommand([], undefined)).toEqual(production);
    expect(parseDeployCommand(['--env='], 'staging')).toEqual(production);
    expect(parseDeployCommand(['--dry-run'], '')).toEqual({ ...production, dryRun: true });
  });

  it('takes the environment from --env, else from CLOUDFLARE_ENV', () => {
    expect(parseDeployCommand(['--env', 'qa'], 'staging')?.environment).toBe('qa');
    expect(parseDeployCommand([], 'staging')?.environment).toBe('staging');
  });

  it('keeps colons and empty values of a variable', () => {
    const command = parseDeployCommand(
      ['--var', 'PUBLIC_URL:https://a.example:8443', '--var', 'REPORT_URL:'],
      undefined,
    );
    expect(command?.vars).toEqual({ PUBLIC_URL: 'https://a.example:8443', REPORT_URL: '' });
  });

  it('is the help where that is asked for', () => {
    expect(parseDeployCommand(['--env', 'qa', '-h'], undefined)).toBeNull();
    for (const line of HELP.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });

  it.each([
    ['a word that is no option', ['staging'], /staging/],
    ['an option that it does not know', ['--config', 'other.toml'], /--config/],
    ['an option without its value', ['--env'], /--env/],
    ['a variable without a value', ['--var', 'PUBLIC_URL'], /--var PUBLIC_URL/],
    ['a variable without a name', ['--var', ':x'], /--var :x/],
  ])('refuses %s', (_what, words, reason) => {
    expect(() => parseDeployCommand(words, undefined)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(reason) }),
    );
  });
});
