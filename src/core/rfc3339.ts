/** RFC 3339 in UTC with whole seconds and `Z`, as every answer and event writes times. `ms`: unix milliseconds. */
export function toRfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
