import { StripeFailure } from './failures.ts';
import { emptyTree, type FormTree, type FormValue } from './form-encoding.ts';

/**
 * Decodes the JSON body of a request to `/v2` into the tree that a form would give: lists get the keys `0`, `1`, …, and
 * numbers and booleans become text. A member that is null is left out. Throws StripeFailure 400 for text that is no JSON object.
 */
export function decodeJson(text: string): FormTree {
  if (text === '') return emptyTree();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StripeFailure('The request body is not valid JSON.', { code: 'invalid_request_body' });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new StripeFailure('The request body must be a JSON object.', { code: 'invalid_request_body' });
  }
  return toTree(json);
}

function toTree(value: object): FormTree {
  const tree = emptyTree();
  for (const [key, member] of Object.entries(value)) if (member !== null) tree[key] = toValue(member);
  return tree;
}

function toValue(member: unknown): FormValue {
  return typeof member === 'object' && member !== null ? toTree(member) : String(member);
}
