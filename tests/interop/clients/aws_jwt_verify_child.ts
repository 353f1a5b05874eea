/** Runs in its own process, which trusts the throwaway certificate: aws-jwt-verify insists on https. */
import { JwtVerifier } from "aws-jwt-verify";
import { audience, refusalOf, type Tokens } from "./_support.ts";

const { issuer, tokens }: { issuer: string; tokens: Tokens } = JSON.parse(Deno.args[0]!);
const verifier = JwtVerifier.create({
  issuer,
  audience,
  jwksUri: `${issuer}/.well-known/jwks.json`,
});

console.log(JSON.stringify({
  sub: (await verifier.verify(tokens.genuine)).sub,
  tampered: await refusalOf(verifier.verify(tokens.tampered)),
  misdirected: await refusalOf(verifier.verify(tokens.misdirected)),
}));
Deno.exit(0);
