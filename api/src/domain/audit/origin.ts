/** Of an IPv6 address, three groups name the site (48 bits). */
const SITE_GROUPS = 3;
const MAPPED = /^::ffff:(?=\d+\.)/i;

/** The network of an address: the first 24 bits of IPv4, the first 48 of IPv6. Null for what is none. */
export function networkOf(address: string | undefined): string | null {
  const plain = address?.replace(MAPPED, '').split('%')[0] ?? '';
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/.exec(plain);
  if (parts !== null) return `${parts.slice(1, 4).join('.')}.0/24`;
  return /^[\da-f:]+$/i.test(plain) && plain.includes(':') ? `${siteOf(plain.toLowerCase())}::/48` : null;
}

function siteOf(address: string): string {
  const [before = '', after] = address.split('::');
  const head = groupsOf(before);
  const tail = groupsOf(after ?? '');
  const zeros = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...tail];
  return groups
    .slice(0, SITE_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));
