import { isLoopback } from "./is_loopback.ts";

/**
 * Reads an issuer URL (OpenID Connect Discovery §3, RFC 8414 §2): https, or http on loopback for
 * development; no user information, query or fragment.
 *
 * @throws {TypeError} with the fault.
 */
export function parseIssuerUrl(issuer: string): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url === undefined) throw faultyIssuer(issuer, "it is not a URL");
  const fault = faultOf(url, issuer);
  if (fault !== undefined) throw faultyIssuer(issuer, fault);
  return url;
}

/** Whether a text for an issuer has a user name, query or fragment: a password or token, as like as not. */
export function mayHoldSecret(issuer: string): boolean {
  return /[@?#]/.test(issuer);
}

/** The discovery document's place: below the issuer, without a doubled slash (Discovery §4). */
export function discoveryUrl(issuer: string): URL {
  const base = issuer.endsWith("/") ? issuer.slice(0, -1) : issuer;
  return new URL(`${base}/.well-known/openid-configuration`);
}

function faultOf(url: URL, issuer: string): string | undefined {
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    return "it must be https (http only on loopback)";
  }
  if (url.username !== "" || url.password !== "") return "it must not hold user information";
  if (issuer.includes("?") || issuer.includes("#")) return "it must not hold a query or fragment";
  return undefined;
}

function faultyIssuer(issuer: string, fault: string): TypeError {
  const shown = mayHoldSecret(issuer) ? "this issuer" : `issuer "${issuer}"`;
  return new TypeError(`Cannot use ${shown}: ${fault}`);
}
