import { IdTokenError } from "../errors.ts";
import type { HttpReply } from "../http.ts";
import { issuedToken, postForm } from "../issuer_request.ts";
import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { signAssertion } from "./sign_assertion.ts";
import { requireIssuer } from "./signet.ts";

const LABEL = "the Signet issuer by private key";
const SKEW_MS = 10_000;

/** `private_key_jwt` (RFC 7523 section 2.2) with the JWK in `SIGNET_PRIVATE_KEY`. */
export function privateKey(setup: SourceSetup): TokenSource {
  const issuer = requireIssuer(setup.issuer);
  const jwk = parseJwk(setup.env("SIGNET_PRIVATE_KEY"));
  const workload = setup.env("SIGNET_WORKLOAD") ?? jwk.workload;
  if (typeof workload !== "string") throw faulty("SIGNET_WORKLOAD is not set to the workload's id");
  const sign = signAssertion(jwk);
  let offsetMs = 0;
  const ask = async (request: TokenRequest): Promise<HttpReply> => {
    const issuedAt = Math.floor((setup.now() + offsetMs) / 1000);
    const grant = {
      grant_type: "client_credentials",
      client_id: workload,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await sign({ workload, issuer, issuedAt }),
    };
    return await postForm(request, { ...setup, issuer, label: LABEL, grant });
  };
  const getToken = async (request: TokenRequest) => {
    let reply = await ask(request);
    const skewMs = skewOf(reply);
    if (reply.status >= 400 && reply.status < 429 && Math.abs(skewMs - offsetMs) > SKEW_MS) {
      // Our clock may have made the assertion unacceptable; by the issuer's it may be fine.
      offsetMs = skewMs;
      reply = await ask(request);
    }
    return issuedToken(reply, "access_token", { issuer, workload, audience: request.audience });
  };
  return { label: LABEL, issuer, getToken };
}

function skewOf({ serverDate, sentAt }: HttpReply): number {
  return serverDate === undefined ? 0 : serverDate - sentAt;
}

type WorkloadJwk = JsonWebKey & { kid?: string; workload?: unknown };

function parseJwk(text: string | undefined): WorkloadJwk {
  try {
    const jwk = JSON.parse(text ?? "") as WorkloadJwk | null;
    if (typeof jwk?.d === "string") return jwk;
  } catch {
    // The parser's message quotes the key, so it is dropped.
  }
  throw faulty("it is missing, or not a private JWK");
}

function faulty(state: string): IdTokenError {
  const message =
    `Cannot use SIGNET_PRIVATE_KEY: ${state}. Set SIGNET_PRIVATE_KEY to the private ` +
    'JWK, and SIGNET_WORKLOAD (or the JWK\'s member "workload") to the id it is registered with';
  return new IdTokenError(message, { code: "invalid_configuration" });
}
