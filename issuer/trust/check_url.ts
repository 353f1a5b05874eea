import { isLoopback } from "../../verify/is_loopback.ts";
import { isPublicAddress } from "./address_class.ts";

/** How {@linkcode urlFault} judges. */
export interface CheckUrlOptions {
  /** Whether Signet itself runs on loopback: only then may it ask another loopback port. */
  readonly ownIsLoopback: boolean;
  /** Hosts that are never asked, such as the KV server's own. */
  readonly forbiddenHosts?: readonly string[];
}

/** Endings of names that never are a platform on the internet (RFC 6761, 6762, 8375, cloud metadata). */
const PRIVATE_ENDINGS = [
  ...["localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home"],
  ...["lan", "home.arpa", "in-addr.arpa", "ip6.arpa", "svc", "onion", "invalid", "alt"],
];

/**
 * Why a URL must not be requested for a trust rule, or `undefined` (security threats 35, 36):
 * https on its own port to a public name. Loopback is allowed only while Signet runs there.
 */
export function urlFault(url: URL, options: CheckUrlOptions): string | undefined {
  if (url.username !== "" || url.password !== "") return "must not hold user information";
  if (options.forbiddenHosts?.includes(url.hostname)) return "names a host that is never asked";
  const web = url.protocol === "https:" || url.protocol === "http:";
  if (options.ownIsLoopback && web && isLoopback(url)) return undefined;
  if (url.protocol !== "https:") return "must be https";
  if (url.port !== "") return "must not name a port; give the platform's keys as jwks instead";
  return hostFault(url.hostname);
}

function hostFault(hostname: string): string | undefined {
  // URL parsing has turned every spelling of an IPv4 address into four numbers.
  const last = hostname.slice(hostname.lastIndexOf(".") + 1);
  if (hostname.startsWith("[") || (last !== "" && !Number.isNaN(Number(last)))) {
    return "must not be an IP address";
  }
  if (hostname.endsWith(".")) return "must not end with a dot";
  if (!hostname.includes(".")) return "must be a name on the internet";
  const ending = PRIVATE_ENDINGS.find((name) => hostname.endsWith(`.${name}`));
  if (ending !== undefined) return `must not be under .${ending}: that is no name on the internet`;
}

/** Looks a name up; the answers of every record type together. */
export type ResolveName = (hostname: string) => Promise<readonly string[]>;

/**
 * A guard for every request that a trust rule causes. Where a resolver is given, every address of
 * the name must be public (a mixed answer is refused); the connection itself may look the name up
 * again, so a self-hosted Signet should also run with `--deny-net` on private ranges.
 */
export function createUrlGuard(
  options: CheckUrlOptions & { readonly resolve?: ResolveName },
): (url: URL) => Promise<void> {
  return async (url) => {
    const fault = urlFault(url, options) ?? await addressFault(url, options);
    if (fault !== undefined) throw new Error(`Cannot ask ${url.origin}: it ${fault}`);
  };
}

async function addressFault(
  url: URL,
  { ownIsLoopback, resolve }: CheckUrlOptions & { readonly resolve?: ResolveName },
): Promise<string | undefined> {
  if (resolve === undefined || (ownIsLoopback && isLoopback(url))) return undefined;
  const addresses = await resolve(url.hostname);
  if (addresses.length === 0) return "has no address";
  return addresses.every(isPublicAddress) ? undefined : "has an address that is not public";
}
