import type { CredentialOptions } from "../credentials/options.ts";

/** Options of {@linkcode kubernetesToken}. */
export interface KubernetesTokenOptions extends CredentialOptions {
  /** Audience of the token, one of the API server's. Default: `SIGNET_KUBERNETES_AUDIENCE`. */
  audience?: string;
  /** Lifetime to ask for in seconds, at least 1. Default: the issuer's for this audience. */
  ttl?: number;
}

/** Gives a bearer token, from memory while it is fresh; `prefetch` has it ready before the first request. */
export interface KubernetesTokenSource {
  /** The token, for `Authorization: Bearer`. An abort ends only this caller's wait. */
  (options?: { signal?: AbortSignal }): Promise<string>;
  /** Fetches the token now, so that the first request finds it. */
  prefetch(): Promise<void>;
}

/** What an exec plugin prints for kubectl (`client.authentication.k8s.io`). */
export interface ExecCredential {
  /** The version that kubectl asked for. Default `client.authentication.k8s.io/v1`. */
  readonly apiVersion: string;
  /** Always `ExecCredential`. */
  readonly kind: "ExecCredential";
  /** The token and when kubectl shall ask again. */
  readonly status: {
    /** The bearer token. */
    readonly token: string;
    /** RFC 3339, a little before the token ends, since API servers allow no leeway. */
    readonly expirationTimestamp: string;
  };
}
