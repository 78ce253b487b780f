import type * as z from 'zod/mini';
import type { ErrorCode } from '../../core/errors.ts';
import type { Scope } from '../../core/scopes.ts';

/** A body of a request as the OpenAPI document names it. SDK generators make a type of this name. */
export interface RequestBody {
  readonly name: string;
  readonly schema: z.core.$ZodType;
}

/** An example in the OpenAPI document. A test sends the examples of requests to the Worker. */
export interface Example {
  readonly summary: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * One route of the server API, for the OpenAPI document. The `openapi.ts` of each resource lists its routes. The method
 * and the path say more: POST and PATCH take an `Idempotency-Key`, a path with `{id}` may answer `not_found`, and a
 * query `validation_failed`. Leave this out here.
 */
export interface RouteDescription {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** The path below the base path of the API, with `{name}` for a parameter. */
  readonly path: string;
  readonly operationId: string;
  /** The group of the route: one of `TAGS` in scripts/openapi/info.ts. */
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** A secret key needs one of these scopes. */
  readonly scopes: readonly [Scope, ...Scope[]];
  /** The bodies that the route takes, as alternatives. Not set: the route needs no body. */
  readonly request?: readonly [RequestBody, ...RequestBody[]];
  /** The media types of a body that is a file, instead of JSON. */
  readonly fileTypes?: readonly string[];
  /** True: the body may be left out. If a body is sent, it must be JSON. */
  readonly optionalBody?: boolean;
  /** Examples of bodies, by a short name. */
  readonly requestExamples?: Readonly<Record<string, Example>>;
  /**
   * The answer of a request that succeeds. `schema` is null if the answer has no body. `example`: the `data` of the
   * answer, or one item of a list.
   */
  readonly success: Success;
  /** Another answer of a request that succeeds, with another status. */
  readonly otherSuccess?: Success;
  /** True: its answers are never stored, so no answer is repeated and no key is in use or in conflict. */
  readonly neverStored?: boolean;
  /** The error codes of this route that not every route may answer. */
  readonly errors?: readonly ErrorCode[];
  /** What `{id}` in the path is. A number as example: the id of a database row. */
  readonly id?: { readonly description: string; readonly example: string | number };
  /** The query of a route that answers a list as `{data: [], meta}`: its filters, `limit`, `offset` and `cursor`. */
  readonly query?: z.core.$ZodType;
}

export interface Success {
  readonly status: 200 | 201 | 202 | 204;
  readonly schema: z.core.$ZodType | null;
  readonly description: string;
  readonly example?: Readonly<Record<string, unknown>>;
}

/** The answers of a request that succeeds. */
export function successesOf({ success, otherSuccess }: RouteDescription): readonly Success[] {
  return otherSuccess ? [success, otherSuccess] : [success];
}
