import type * as z from 'zod/mini';
import type { ErrorCode } from '../../core/errors.ts';
import type { Scope } from '../../core/scopes.ts';

/** One operation of the server API, as the OpenAPI document describes it. Each resource's `openapi.ts` lists its own. */
export interface RouteDescription {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Below the base path, with `{name}` parameters. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Any one of these. */
  readonly scopes: readonly [Scope, ...Scope[]];
  /** The alternatives of the body; empty: the route takes none. */
  readonly request: readonly z.core.$ZodType[];
  /** A body may be sent, and must then be JSON. */
  readonly optionalBody?: boolean;
  readonly requestExample?: Readonly<Record<string, unknown>>;
  /** `schema` null: the answer has no body. */
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly schema: z.core.$ZodType | null;
    readonly description: string;
  };
  /** Beyond those that every route may answer. */
  readonly errors: readonly ErrorCode[];
  readonly idempotent: boolean;
  /** What `{id}` in the path is: a row id unless said otherwise. */
  readonly id?: 'row' | 'token';
  /** The query of a list: it answers `{data: [], meta}` and takes `limit`, `offset` and `cursor` beside its own filters. */
  readonly query?: z.core.$ZodType;
}
