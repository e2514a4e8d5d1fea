import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Whether an address is of one of these networks; of any when there is none. */
export function openTo(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => true;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return (address) => {
    const plain = plainOf(address);
    return (isIPv4(plain) || isIPv6(plain)) && list.check(plain, familyOf(plain));
  };
}

export function isLoopbackAddress(address: string): boolean {
  const plain = plainOf(address);
  return plain === '::1' || (plain.startsWith('127.') && isIPv4(plain));
}

/** Who is behind an address, as far as it can be told: of IPv6, whoever has one has a whole /64. */
export function networkOf(address: string): string {
  const plain = plainOf(address);
  return isIPv6(plain) ? prefixOf(plain) : plain;
}

/** The first four groups, whether they are written or are part of a row of zeroes. */
function prefixOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const zeroes = Array<string>(tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)).fill(
    '0',
  );
  return [...before, ...zeroes, ...after].slice(0, 4).join(':');
}

/** A socket of both families writes IPv4 addresses so. */
const MAPPED = '::ffff:';

function plainOf(address: string): string {
  return address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
