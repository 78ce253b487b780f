const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const IPV6_CHARACTERS = /^[0-9a-f:.]{2,45}$/i;

/**
 * The name under which a visitor's requests are counted: an IPv4 address, or the /64 network of an IPv6 address,
 * because one subscriber has a whole /64. null and any other text give `unknown`: such visitors are counted together.
 */
export function visitorOf(address: string | null): string {
  if (address === null) return 'unknown';
  if (IPV4.test(address)) return address;
  const literal = `http://[${address}]/`;
  if (!IPV6_CHARACTERS.test(address) || !URL.canParse(literal)) return 'unknown';
  const [head = '', tail] = new URL(literal).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
