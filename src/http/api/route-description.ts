import type * as z from 'zod/mini';
import type { ErrorCode } from '../../core/errors.ts';
import type { Scope } from '../../core/scopes.ts';

/**
 * One route of the server API, as the OpenAPI document describes it. Each resource's `openapi.ts` lists its own. What follows
 * from the method and the path is not written here: POST and PATCH take an `Idempotency-Key`, a path with `{id}` may answer
 * `not_found`, and a query `validation_failed`.
 */
export interface RouteDescription {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Below the base path, with `{name}` parameters. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** A key needs one of these. */
  readonly scopes: readonly [Scope, ...Scope[]];
  /** The bodies that the route takes, as alternatives. Not set: the route uses no body. */
  readonly request?: readonly [z.core.$ZodType, ...z.core.$ZodType[]];
  /** True: a body may be left out. One that is sent must be JSON. */
  readonly optionalBody?: boolean;
  readonly requestExample?: Readonly<Record<string, unknown>>;
  /** `schema` null: the answer has no body. */
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly schema: z.core.$ZodType | null;
    readonly description: string;
  };
  /** The error codes that only some routes answer. */
  readonly errors?: readonly ErrorCode[];
  /** What `{id}` in the path is. Not set: a row id. */
  readonly id?: 'token';
  /** The query of a list, which answers `{data: [], meta}`. It takes `limit`, `offset` and `cursor` beside its own filters. */
  readonly query?: z.core.$ZodType;
}
