import { describe, expect, it } from 'vitest';
import { describeError } from '../../../src/core/log.ts';

describe('an error in the log', () => {
  it('shows the statement of a failed query and its cause, and none of its values', () => {
    const cause = new Error('D1_ERROR: Network connection lost.');
    const error = new Error('Failed query: insert into payments values (?, ?)\nparams: buyer@example.com,sk_secret', {
      cause,
    });
    const text = describeError(new Error('outer', { cause: error }));
    expect(text).toContain('insert into payments');
    expect(text).toContain('Network connection lost');
    expect(text).not.toContain('buyer@example.com');
    expect(text).not.toContain('sk_secret');
  });

  it('shows a plain error with its stack, and a value that is no error as text', () => {
    expect(describeError(new TypeError('odd'))).toMatch(/TypeError: odd\n\s+at /);
    expect(describeError('gone')).toBe('gone');
  });
});
