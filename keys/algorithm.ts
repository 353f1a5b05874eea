/** A signature algorithm of RFC 7518 §3.1 or RFC 8037 §3.1 that Signet signs with. */
export type Algorithm = "RS256" | "ES256" | "EdDSA";

/** Every {@link Algorithm}. Each has a keyset of its own. */
export const ALGORITHMS: readonly Algorithm[] = Object.freeze(["RS256", "ES256", "EdDSA"]);
