import { exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { createVerifier } from "../../../verify/create_verifier.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { row } from "../row.ts";

const audience = "https://api.example";
const issuer = "https://id.example";
const inFlight = 32;

/** The verifier with its key in memory, distinct tokens, against the signature check alone. */
export const verify: Part = {
  name: "verify",
  async run({ rounds, seconds }) {
    const rows = [];
    for (const alg of ["RS256", "ES256"] as const) {
      const { tokens, jwk, raw } = await sampleTokens(alg);
      const verifier = createVerifier({
        ...{ issuer, audience, algorithms: [alg], jwks: { keys: [jwk] } },
      });
      const values = await interleave({
        ours: () => rate((turn) => verifier.verify(tokens[turn % tokens.length]!), seconds),
        raw: () => rate((turn) => raw(turn), seconds),
      }, { rounds });
      rows.push(row({
        ...{ what: `./verify with a cached key, ${alg}`, unit: "/s", ours: values.ours },
        ...{ against: "raw crypto.subtle.verify", limit: values.raw, goal: { atLeast: 0.90 } },
      }));
    }
    return rows;
  },
};

async function sampleTokens(alg: "RS256" | "ES256") {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const jwk = { ...await exportJWK(publicKey), kid: "bench", alg, use: "sig" };
  const tokens = await Promise.all(
    Array.from(
      { length: 50 },
      (_, index) =>
        new SignJWT({ sub: `deployment:acme/web-${index}/production`, org: "acme" })
          .setProtectedHeader({ alg, kid: "bench", typ: "JWT" }).setIssuer(issuer)
          .setAudience(audience).setIssuedAt().setExpirationTime("10m").sign(privateKey),
    ),
  );
  const parts = tokens.map((token) => {
    const end = token.lastIndexOf(".");
    const input = new TextEncoder().encode(token.slice(0, end));
    const base64 = token.slice(end + 1).replaceAll("-", "+").replaceAll("_", "/");
    return { input, signature: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)) };
  });
  const algorithm = alg === "RS256" ? "RSASSA-PKCS1-v1_5" : { name: "ECDSA", hash: "SHA-256" };
  // Imported as the verifier imports it: a key as it was generated verifies at another speed.
  const key = await importJWK(jwk, alg) as CryptoKey;
  const raw = (turn: number) => {
    const { input, signature } = parts[turn % parts.length]!;
    return crypto.subtle.verify(algorithm, key, signature, input);
  };
  return { tokens, jwk, raw };
}

async function rate(call: (turn: number) => Promise<unknown>, seconds: number): Promise<number> {
  const start = performance.now();
  let turn = 0;
  const drive = async () => {
    while (performance.now() - start < seconds * 1000) await call(turn++);
  };
  await Promise.all(Array.from({ length: inFlight }, drive));
  return turn / (performance.now() - start) * 1000;
}
