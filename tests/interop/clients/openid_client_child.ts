/** Runs in its own process, which trusts the throwaway certificate: openid-client insists on https. */
import { importJWK, type JWK, jwtVerify } from "jose";
import { createRemoteJWKSet } from "jose";
import * as oauth from "oauth4webapi";
import {
  clientCredentialsGrant,
  discovery,
  genericGrantRequest,
  None,
  PrivateKeyJwt,
} from "openid-client";
import { audience, refusalOf, tamper } from "./_support.ts";

interface Input {
  readonly issuer: string;
  readonly jwk: JWK;
  readonly stranger: JWK;
  readonly platformTokens: readonly string[];
}

const { issuer, jwk, stranger, platformTokens }: Input = JSON.parse(Deno.args[0]!);
const [assertion = "", exchanged = "", used = ""] = platformTokens;
const jwtType = "urn:ietf:params:oauth:token-type:jwt";

async function signer(key: JWK) {
  return PrivateKeyJwt({ key: await importJWK(key, "ES256") as CryptoKey, kid: key.kid });
}

const byKey = await discovery(new URL(issuer), "web", {}, await signer(jwk));
const byStranger = await discovery(new URL(issuer), "web", {}, await signer(stranger));
const open = await discovery(new URL(issuer), "web", {}, None());
const server = byKey.serverMetadata();

const byAssertion = await clientCredentialsGrant(byKey, { audience });
const byGrant = await genericGrantRequest(
  open,
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  { audience, assertion },
);

/** By openid-client's own engine: openid-client itself knows no token type but Bearer and DPoP. */
async function exchange(subject_token: string): Promise<oauth.TokenEndpointResponse> {
  const client = { client_id: "web" };
  const form = new URLSearchParams({ audience, subject_token, subject_token_type: jwtType });
  const grant = "urn:ietf:params:oauth:grant-type:token-exchange";
  const answer = await oauth.genericTokenEndpointRequest(server, client, oauth.None(), grant, form);
  const recognizedTokenTypes = { n_a: () => {} };
  return await oauth.processGenericTokenEndpointResponse(server, client, answer, {
    recognizedTokenTypes,
  });
}

const byExchange = await exchange(exchanged);
const keys = createRemoteJWKSet(new URL(server.jwks_uri!));
const subjects: unknown[] = [];
for (const { access_token } of [byAssertion, byGrant, byExchange]) {
  const { payload } = await jwtVerify(access_token, keys, { issuer, audience });
  subjects.push(payload.sub);
}

console.log(JSON.stringify({
  subjects,
  expiresIn: byAssertion.expires_in,
  issuedTokenType: byExchange.issued_token_type,
  stranger: await refusalOf(clientCredentialsGrant(byStranger, { audience })),
  misdirected: await refusalOf(clientCredentialsGrant(byKey, { audience: issuer })),
  tampered: await refusalOf(exchange(tamper(used))),
  replayed: await refusalOf(exchange(exchanged)),
}));
Deno.exit(0);
