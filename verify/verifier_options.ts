import type { VerificationAlgorithm } from "./algorithms.ts";
import type { PublicJwks } from "./parse_jwks.ts";

/** What a verifier accepts. `issuer`, `audience` and `algorithms` have no default. */
export interface VerifierOptions {
  /** The issuer, byte for byte as in `iss`; https, or http on loopback for development. */
  readonly issuer: string;
  /** Your own name or names, byte for byte as in `aud`. */
  readonly audience: string | readonly string[];
  /** Signature algorithms accepted; a Signet issuer signs with `RS256` unless its profile says otherwise. */
  readonly algorithms: readonly VerificationAlgorithm[];
  /** Clock difference tolerated, seconds, 0 to 300; default 30. */
  readonly clockTolerance?: number;
  /** Oldest token accepted, seconds since `iat`, 1 to 86,400; default 3,600. */
  readonly maxTokenAge?: number;
  /** Longest `exp − iat` accepted, seconds, 1 to 86,400; default `maxTokenAge`. */
  readonly maxLifetime?: number;
  /** Longest token accepted, characters, 1 to 65,536; default 16,384. */
  readonly maxTokenLength?: number;
  /** `typ` header values accepted, any letter case; a missing `typ` counts as `JWT`; default `["JWT"]`. */
  readonly types?: readonly string[];
  /** Accept a token that names other audiences besides yours, who could replay it; default false. */
  readonly allowMultipleAudiences?: boolean;
  /** The issuer's keys, where it cannot be reached; default: from its discovery document. */
  readonly jwks?: PublicJwks;
  /** The key set's URL, instead of discovery. */
  readonly jwksUri?: string;
  /** Hosts that may serve the keys besides the issuer's own; default none. */
  readonly jwksHosts?: readonly string[];
  /** Deadline of each request to the issuer, milliseconds, 1 to 30,000; default 5,000. */
  readonly timeoutMs?: number;
  /** Called with each URL before it is requested; throws to forbid it. */
  readonly checkUrl?: (url: URL) => void | Promise<void>;
  /** The fetch to use; default the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** The clock, milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number;
}
