import { isLoopback } from "../../verify/is_loopback.ts";
import { type CheckUrlOptions, urlFault } from "./check_url.ts";

/** How {@linkcode issuerFault} judges. */
export interface IssuerFaultOptions extends CheckUrlOptions {
  /** This issuer's own URL, which no rule may trust (security threat 18). */
  readonly ownIssuer: string;
  /** Whether keys are given, so that the issuer is never asked and may be out of reach. */
  readonly hasJwks: boolean;
}

/**
 * Why a rule cannot name this issuer, or `undefined`. The spelling must be the plain one, since it
 * is compared byte for byte; a trailing slash is kept, because some platforms (AKS) have it.
 */
export function issuerFault(issuer: string, options: IssuerFaultOptions): string | undefined {
  if (issuer.includes("*")) return "must be one issuer, written out: no * is understood here";
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url === undefined) return "must be a URL";
  if (withoutSlash(issuer) === withoutSlash(options.ownIssuer)) {
    return "is this issuer itself; its own tokens are never exchanged";
  }
  if (issuer.includes("?") || issuer.includes("#")) return "must not hold a query or fragment";
  const fault = options.hasJwks ? offlineFault(url) : urlFault(url, options);
  if (fault !== undefined) return fault;
  if (withoutSlash(url.href) !== withoutSlash(issuer)) {
    return `must be written in its plain form: ${withoutSlash(url.href)}`;
  }
  if (issuer.includes("%") || issuer.slice("https://".length).includes("//")) {
    return "must have a plain path, without // or %";
  }
}

/** An issuer that is never asked needs only a sound name: `https://kubernetes.default.svc` is one. */
function offlineFault(url: URL): string | undefined {
  if (url.username !== "" || url.password !== "") return "must not hold user information";
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    return "must be https";
  }
}

function withoutSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}
