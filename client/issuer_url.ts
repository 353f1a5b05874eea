import { IdTokenError } from "./errors.ts";

const LOOPBACK = /^(localhost|[a-z0-9.-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The issuer URL without trailing slash; refuses everything but https and loopback http. */
export function parseIssuerUrl(text: string): string {
  const issuer = text.trim().replace(/\/+$/, "");
  const url = parse(issuer);
  if (url === undefined) throw faulty("it is not a URL");
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw faulty("it has a query, a fragment or a user name");
  }
  const secure = url.protocol === "https:";
  if (!secure && !(url.protocol === "http:" && LOOPBACK.test(url.hostname))) {
    throw faulty("it is not https, so that anyone on the way could take the credential");
  }
  return issuer;
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function faulty(state: string): IdTokenError {
  const message = `Cannot use SIGNET_ISSUER: ${state}. ` +
    "Set it to the issuer's URL, such as https://issuer.example";
  return new IdTokenError(message, { code: "invalid_configuration" });
}
