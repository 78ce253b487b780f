declare namespace Cloudflare {
  interface Env extends Omit<import('../../../src/env.ts').Bindings, never> {
    readonly TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
    /** The text of public/openapi.json. */
    readonly TEST_OPENAPI: string;
    /** How many rows of history test/worker/growth writes; '' for as many as a test needs. */
    readonly TEST_GROWTH_ROWS: string;
  }
}
