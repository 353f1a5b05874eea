import { IdTokenError } from "./errors.ts";

const LOOPBACK = /^(localhost|[a-z0-9.-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The text as a URL that a credential may be sent to: https, or http on loopback. */
export function requireSecureUrl(
  text: string,
  { name, allowHttp = false }: { name: string; allowHttp?: boolean },
): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw faultyUrl(name, "it is not a URL");
  if (url.username !== "" || url.password !== "") throw faultyUrl(name, "it has a user name");
  const open = url.protocol === "http:" && (allowHttp || LOOPBACK.test(url.hostname));
  if (url.protocol === "https:" || open) return url;
  throw faultyUrl(name, "it is not https, so that anyone on the way could take the credential");
}

/** The error for a URL that cannot be used; the URL itself is not shown. */
export function faultyUrl(name: string, state: string): IdTokenError {
  const message = `Cannot use ${name}: ${state}. Set it to an https URL`;
  return new IdTokenError(message, { code: "invalid_configuration" });
}

const ISSUER = "the issuer URL (SIGNET_ISSUER)";

/** The issuer URL without trailing slash; refuses everything but https and loopback http. */
export function parseIssuerUrl(text: string): string {
  const issuer = text.trim().replace(/\/+$/, "");
  const url = requireSecureUrl(issuer, { name: ISSUER });
  if (url.search === "" && url.hash === "") return issuer;
  throw faultyUrl(ISSUER, "it has a query or a fragment");
}
