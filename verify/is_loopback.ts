/**
 * Whether a URL's host is this machine: `localhost`, `127.0.0.0/8` or `[::1]`. Other names under
 * `.localhost` do not count: on Deno Deploy `cache.localhost` is the CDN's control port.
 */
export function isLoopback(url: URL): boolean {
  const { hostname } = url;
  if (hostname === "localhost" || hostname === "[::1]") return true;
  const octets = hostname.split(".");
  // URL parsing has already turned every other spelling of an IPv4 address into four octets.
  return octets.length === 4 && octets[0] === "127" &&
    octets.every((octet) => String(Number(octet)) === octet);
}
