/** Blocks of IPv4 that no platform's issuer lives in: first address and prefix length (IANA registry). */
const NOT_PUBLIC_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/**
 * Whether an IP address literal is a public unicast one. Of IPv6 only 2000::/3 is, and of that not
 * the blocks that carry an IPv4 address (6to4, Teredo) or stand for documentation.
 */
export function isPublicAddress(address: string): boolean {
  const v4 = parseV4(address);
  if (v4 !== undefined) return !NOT_PUBLIC_V4.some(([first, bits]) => within(v4, first, bits));
  const [plain = ""] = address.split("%", 1), host = `http://[${plain}]/`;
  // URL parsing passes over line breaks and tabs; an address has none.
  if (!/^[0-9a-f.]*:[0-9a-f:.]*$/i.test(plain) || !URL.canParse(host)) return false;
  const [first = 0, second = 0] = leadingGroups(new URL(host).hostname.slice(1, -1));
  if (first < 0x2000 || first > 0x3fff || first === 0x2002) return false;
  return !(first === 0x2001 && (second < 0x200 || second === 0xdb8)) && first !== 0x3fff;
}

/** Four plain numbers: any other spelling (octal, hexadecimal, exponents) is no address here. */
function parseV4(address: string): number | undefined {
  const parts = address.split(".");
  const octets = parts.map(Number);
  const plain = parts.length === 4 &&
    octets.every((octet, index) => octet >= 0 && octet <= 255 && String(octet) === parts[index]);
  return plain ? octets.reduce((sum, octet) => sum * 256 + octet, 0) : undefined;
}

function within(address: number, first: string, bits: number): boolean {
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) === Math.floor(parseV4(first)! / size);
}

/** The two first groups of a canonical IPv6 address; groups inside `::` are 0. */
function leadingGroups(address: string): readonly number[] {
  const groups = (address.split("::")[0] ?? "").split(":");
  return [0, 1].map((index) => parseInt(groups[index] || "0", 16));
}
