// A stranger: it knows the issuer's URL and its own name, and uses a library that Signet did not write.
import { createRemoteJWKSet, jwtVerify } from "jose";

const [issuer, audience] = Deno.args as [string, string];
const token = (await new Response(Deno.stdin.readable).text()).trim();
const discovery = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
const algorithms = discovery.id_token_signing_alg_values_supported;
try {
  const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms });
  console.log(JSON.stringify({ verified: true, claims: payload }));
} catch (error) {
  console.log(JSON.stringify({ verified: false, reason: (error as Error).message }));
}
