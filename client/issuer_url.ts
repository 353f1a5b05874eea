import { faultyUrl, requireSecureUrl } from "./secure_url.ts";

const NAME = "the issuer URL (SIGNET_ISSUER)";

/** The issuer URL without trailing slash; refuses everything but https and loopback http. */
export function parseIssuerUrl(text: string): string {
  const issuer = text.trim().replace(/\/+$/, "");
  const url = requireSecureUrl(issuer, { name: NAME });
  if (url.search === "" && url.hash === "") return issuer;
  throw faultyUrl(NAME, "it has a query or a fragment");
}
