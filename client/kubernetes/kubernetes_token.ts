import { bounded, contextOf, firstEnv } from "../credentials/context.ts";
import { deferred } from "../credentials/deferred.ts";
import { noAudience } from "./kubernetes_error.ts";
import type { KubernetesTokenOptions, KubernetesTokenSource } from "./options.ts";

/**
 * Bearer tokens for a Kubernetes API server that trusts the issuer (`AuthenticationConfiguration`). Held and
 * renewed by the client; those of a `getIdToken` of your own are held here, and renewed min(300 s, 20 %) before
 * they expire while the old one goes on being served.
 *
 * Source: Kubernetes, structured authentication configuration.
 *
 * @throws {TypeError} An option is out of its bounds.
 * @throws {KubernetesCredentialError} From the source: no audience is named.
 *
 * @example
 * ```ts
 * import { kubernetesToken } from "@signet/oidc/client/kubernetes";
 *
 * const token = kubernetesToken({ audience: "https://cluster.example" });
 *
 * async function pods(): Promise<Response> {
 *   const headers = { authorization: `Bearer ${await token()}` };
 *   return await fetch("https://cluster.example/api/v1/namespaces/shop/pods", { headers });
 * }
 * ```
 */
export function kubernetesToken(options: KubernetesTokenOptions = {}): KubernetesTokenSource {
  const context = contextOf(options);
  const { ttl } = options;
  if (ttl !== undefined) bounded("ttl", ttl, 1, 86_400);
  const source = deferred(async () => {
    const audience = audienceOf(options, context.env);
    const { idTokenSource } = await import("../credentials/id_token_source.ts");
    return idTokenSource(audience, context, ttl ? { demands: { ttl } } : {});
  });
  return Object.assign((asked?: { signal?: AbortSignal }) => source.get(asked?.signal), {
    prefetch: async () => void await source.get(),
  });
}

function audienceOf(
  options: KubernetesTokenOptions,
  env: (name: string) => string | undefined,
): string {
  const audience = options.audience ?? firstEnv(env, ["SIGNET_KUBERNETES_AUDIENCE"]);
  if (audience) return audience;
  throw noAudience();
}
