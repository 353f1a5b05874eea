import type { KvKey } from "../kv/kv.ts";
import type { ReliableKv } from "../kv/reliable_kv.ts";
import { requestTokenAuthenticator } from "./authenticate/request_token.ts";
import { clientCredentialsGrant } from "./grants/client_credentials.ts";
import type { Grant } from "./grants/grant.ts";
import { jwtBearerGrant } from "./grants/jwt_bearer.ts";
import { requestTokenGrant } from "./grants/request_token.ts";
import { tokenExchangeGrant } from "./grants/token_exchange.ts";
import { lazily } from "./lazily.ts";
import { createUseOnce } from "./single_use.ts";
import type { PlatformTokenVerifier } from "./trust/platform_tokens.ts";
import type { TrustIndex } from "./workloads/trust_index.ts";
import type { WorkloadStore } from "./workloads/workload_store.ts";

/** What callers are authenticated against. */
export interface GrantOptions {
  readonly issuer: string;
  readonly kv: ReliableKv;
  readonly prefix: KvKey;
  readonly store: WorkloadStore;
  readonly index: TrustIndex;
  readonly verifier: PlatformTokenVerifier;
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** Every way in: GitHub's request protocol, and the others by `grant_type`. */
export function createGrants(options: GrantOptions): {
  readonly requestToken: Grant;
  readonly byType: ReadonlyMap<string, Grant>;
} {
  const useOnce = createUseOnce(options);
  const byRequestToken = requestTokenAuthenticator(options);
  const byAssertion = lazily(async () => {
    const { assertionAuthenticator } = await import("./authenticate/private_key_jwt.ts");
    return assertionAuthenticator({ ...options, useOnce });
  });
  const byPlatformToken = lazily(async () => {
    const { platformTokenAuthenticator } = await import("./authenticate/platform_token.ts");
    return platformTokenAuthenticator({ ...options, useOnce });
  });
  return {
    requestToken: requestTokenGrant(byRequestToken),
    byType: new Map([
      ["client_credentials", clientCredentialsGrant({ byRequestToken, byAssertion })],
      ["urn:ietf:params:oauth:grant-type:token-exchange", tokenExchangeGrant(byPlatformToken)],
      ["urn:ietf:params:oauth:grant-type:jwt-bearer", jwtBearerGrant(byPlatformToken)],
    ]),
  };
}
