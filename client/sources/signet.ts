import { IdTokenError } from "../errors.ts";
import { send } from "../http.ts";
import { issuedToken, issuerParameters } from "../issuer_request.ts";
import type { SourceSetup, SourceToken, TokenRequest, TokenSource } from "../source.ts";

const LABEL = "the Signet issuer";
const FORMAT = /^signet_rt_([\w-]{8})_([a-z0-9][a-z0-9-]{0,62})_[\w-]{43}$/;

/** The request protocol that GitHub Actions made common, at a Signet issuer, by a request token. */
export function signet(setup: SourceSetup): TokenSource {
  const issuer = requireIssuer(setup.issuer);
  const credential = parseRequestToken(setup.env("SIGNET_REQUEST_TOKEN"));
  let pinned = false;
  const getToken = async (request: TokenRequest): Promise<SourceToken> => {
    if (!pinned) await requireSameIssuer(issuer, credential.tag);
    pinned = true;
    const reply = await send({
      url: `${issuer}/token?${new URLSearchParams(issuerParameters(request))}`,
      headers: { authorization: `Bearer ${credential.token}`, accept: "application/json" },
      signal: request.signal,
      label: LABEL,
    }, setup);
    const { workload } = credential;
    return issuedToken(reply, "value", { issuer, workload, audience: request.audience });
  };
  return { label: LABEL, issuer, getToken };
}

/** The issuer, or an error that says how to name it. */
export function requireIssuer(issuer: string | undefined): string {
  if (issuer !== undefined) return issuer;
  const message = "Cannot use the credential: SIGNET_ISSUER is not set. " +
    "Set it to the URL of the issuer that gave the credential";
  throw new IdTokenError(message, { code: "invalid_configuration" });
}

function parseRequestToken(text: string | undefined) {
  const token = text?.trim() ?? "";
  const match = FORMAT.exec(token);
  // Checked before it becomes a header, because some runtimes quote a faulty header in their error.
  if (match === null) {
    const message = "Cannot use SIGNET_REQUEST_TOKEN: it is missing or incomplete. " +
      'Make one with "signet credential add <workload>" and copy the whole of it';
    throw new IdTokenError(message, { code: "invalid_configuration" });
  }
  return { token, tag: match[1], workload: match[2] };
}

async function requireSameIssuer(issuer: string, tag: string | undefined): Promise<void> {
  if (await issuerTag(issuer) === tag) return;
  const message = `Cannot send SIGNET_REQUEST_TOKEN to ${issuer}: another issuer made it. ` +
    "Correct SIGNET_ISSUER, or make a credential at this issuer";
  throw new IdTokenError(message, { code: "issuer_mismatch" });
}

async function issuerTag(issuer: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(issuer));
  const first = String.fromCharCode(...new Uint8Array(digest, 0, 6));
  return btoa(first).replaceAll("+", "-").replaceAll("/", "_");
}
