import { exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { createVerifier } from "../../../verify/create_verifier.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { row } from "../row.ts";

const audience = "https://api.example";
const issuer = "https://id.example";
const inFlight = 32;
/** More than a verifier remembers, so that each one that comes again has been forgotten. */
const distinct = 1_200;

/** The verifier with its key in memory, distinct tokens and one again, against the signature check alone. */
export const verify: Part = {
  name: "verify",
  async run({ rounds, seconds: whole }) {
    const rows = [];
    const seconds = whole / 5;
    for (const alg of ["RS256", "ES256"] as const) {
      const { tokens, jwk, raw } = await sampleTokens(alg);
      const verifier = createVerifier({
        ...{ issuer, audience, algorithms: [alg], jwks: { keys: [jwk] } },
      });
      const values = await interleave({
        ours: rate((turn) => verifier.verify(tokens[turn % distinct]!), seconds),
        again: rate(() => verifier.verify(tokens[0]!), seconds),
        raw: rate(raw, seconds),
      }, { rounds: rounds * 5 });
      const shared = { unit: "/s", against: "raw crypto.subtle.verify", limit: values.raw };
      rows.push(
        row({
          ...{ ...shared, what: `./verify with a cached key, ${alg}`, ours: values.ours },
          goal: { atLeast: 0.90 },
        }),
        row({
          ...{ ...shared, what: `./verify, the same token again, ${alg}`, ours: values.again },
          goal: "shown",
        }),
      );
    }
    return rows;
  },
};

async function sampleTokens(alg: "RS256" | "ES256") {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const jwk = { ...await exportJWK(publicKey), kid: "bench", alg, use: "sig" };
  const tokens = await Promise.all(
    Array.from(
      { length: distinct },
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
    const { input, signature } = parts[turn % distinct]!;
    return crypto.subtle.verify(algorithm, key, signature, input);
  };
  return { tokens, jwk, raw };
}

/** Calls per second. The turn goes on from round to round, else what is remembered of the last would count. */
function rate(call: (turn: number) => Promise<unknown>, seconds: number): () => Promise<number> {
  let turn = 0;
  return async () => {
    const [start, first] = [performance.now(), turn];
    const drive = async () => {
      while (performance.now() - start < seconds * 1000) await call(turn++);
    };
    await Promise.all(Array.from({ length: inFlight }, drive));
    return (turn - first) / (performance.now() - start) * 1000;
  };
}
