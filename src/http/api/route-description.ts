import type * as z from 'zod/mini';
import type { ErrorCode } from '../../core/errors.ts';
import type { Scope } from '../../core/scopes.ts';

/**
 * One route of the server API, for the OpenAPI document. The `openapi.ts` of each resource lists its routes. The method
 * and the path say more: POST and PATCH take an `Idempotency-Key`, a path with `{id}` may answer `not_found`, and a
 * query `validation_failed`. Leave this out here.
 */
export interface RouteDescription {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** The path below the base path of the API, with `{name}` for a parameter. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** A secret key needs one of these scopes. */
  readonly scopes: readonly [Scope, ...Scope[]];
  /** The schemas of the body, as alternatives. Not set: the route needs no body. */
  readonly request?: readonly [z.core.$ZodType, ...z.core.$ZodType[]];
  /** True: the body may be left out. If a body is sent, it must be JSON. */
  readonly optionalBody?: boolean;
  readonly requestExample?: Readonly<Record<string, unknown>>;
  /** The answer of a request that succeeds. `schema` is null if the answer has no body. */
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly schema: z.core.$ZodType | null;
    readonly description: string;
  };
  /** The error codes of this route that not every route may answer. */
  readonly errors?: readonly ErrorCode[];
  /** What `{id}` in the path is. Not set: the id of a database row. */
  readonly id?: 'token';
  /** The query of a route that answers a list as `{data: [], meta}`: its filters, `limit`, `offset` and `cursor`. */
  readonly query?: z.core.$ZodType;
}
