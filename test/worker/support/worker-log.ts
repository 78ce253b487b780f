import { beforeEach } from 'vitest';

// The Worker's log lines are kept, and printed only if the test fails. They do not go through vitest: the queue's consumer
// may log when a test file has ended, and vitest then waits for ever for somebody to take the line.

declare global {
  var keptLog: { readonly lines: string[]; readonly print: (line: string) => void } | undefined;
}

globalThis.keptLog ??= { lines: [], print: console.log.bind(console) };
const { lines, print } = globalThis.keptLog;

for (const method of ['log', 'info', 'warn', 'error'] as const) {
  console[method] = (...values: unknown[]) => {
    lines.push(values.map(String).join(' '));
  };
}

beforeEach(({ onTestFailed }) => {
  lines.length = 0;
  onTestFailed(() => {
    for (const line of lines) print(line);
  });
});
