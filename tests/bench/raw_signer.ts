import { Buffer } from "node:buffer";
import { createPrivateKey, sign } from "node:crypto";

/** A way to sign: the algorithm, and how the platform is asked. */
export type RawWay =
  | "RS256 subtle"
  | "RS256 node"
  | "RS256 node workers"
  /** The key without its public half, as Signet keeps it. */
  | "ES256 subtle short"
  /** The key as `generateKey` makes it. */
  | "ES256 subtle"
  | "EdDSA subtle"
  | "EdDSA node";

/** Signs with nothing around it. */
export type RawSigner = (input: Uint8Array<ArrayBuffer>) => Promise<unknown> | unknown;

/** Makes a signer of a PKCS #8 key. */
export async function rawSigner(way: RawWay, pkcs8: Uint8Array): Promise<RawSigner> {
  if (way.includes("node")) {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
    const digest = way.startsWith("EdDSA") ? null : "sha256";
    return (input) => sign(digest, input, key);
  }
  const [algorithm, parameters] = way.startsWith("RS256")
    ? ["RSASSA-PKCS1-v1_5", { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }] as const
    : way.startsWith("ES256")
    ? [{ name: "ECDSA", hash: "SHA-256" }, { name: "ECDSA", namedCurve: "P-256" }] as const
    : ["Ed25519", { name: "Ed25519" }] as const;
  const key = way === "ES256 subtle"
    ? await ordinaryKey()
    : await crypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), parameters, false, ["sign"]);
  return (input) => crypto.subtle.sign(algorithm, key, input);
}

async function ordinaryKey(): Promise<CryptoKey> {
  const parameters = { name: "ECDSA", namedCurve: "P-256" };
  return (await crypto.subtle.generateKey(parameters, false, ["sign", "verify"])).privateKey;
}
