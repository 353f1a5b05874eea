import { contextOf, firstEnv } from "../credentials/context.ts";
import { isObject, jsonObject, tokenEnd } from "../credentials/json.ts";
import { refreshMargin } from "../credentials/timing.ts";
import { noAudience } from "./kubernetes_error.ts";
import { kubernetesToken } from "./kubernetes_token.ts";
import type { ExecCredential, KubernetesTokenOptions } from "./options.ts";

const group = "client.authentication.k8s.io/";

/**
 * What an exec plugin prints for kubectl and client-go. Beyond {@linkcode kubernetesToken}'s options it reads
 * `KUBERNETES_EXEC_INFO`: the version that kubectl wants, and, with `provideClusterInfo`, the audience from the
 * cluster's exec extension (`config.audience`).
 *
 * Source: Kubernetes, client-go credential plugins.
 *
 * @throws {TypeError} An option is out of its bounds.
 * @throws {KubernetesCredentialError} No audience is named.
 *
 * @example
 * ```ts
 * import { execCredential } from "@signet/oidc/client/kubernetes";
 *
 * async function main(): Promise<void> {
 *   console.log(JSON.stringify(await execCredential({ audience: "https://cluster.example" })));
 * }
 * ```
 */
export async function execCredential(
  options: KubernetesTokenOptions = {},
): Promise<ExecCredential> {
  const { env, now, signal } = contextOf(options);
  const info = execInfo(env("KUBERNETES_EXEC_INFO"));
  const audience = options.audience ?? firstEnv(env, ["SIGNET_KUBERNETES_AUDIENCE"]) ??
    info.audience;
  if (!audience) throw noAudience();
  const token = await kubernetesToken({ ...options, audience })({ signal });
  const time = now();
  const end = tokenEnd(token, time);
  const askAgain = new Date(end - refreshMargin(end - time));
  // RFC 3339 without a fraction, as Kubernetes itself writes it.
  const expirationTimestamp = askAgain.toISOString().replace(/\.\d{3}/, "");
  return {
    apiVersion: info.apiVersion,
    kind: "ExecCredential",
    status: { token, expirationTimestamp },
  };
}

function execInfo(text: string | undefined): { apiVersion: string; audience: string | undefined } {
  const info = jsonObject(text ?? "") ?? {};
  const known = info.apiVersion === `${group}v1beta1`;
  const cluster = isObject(info.spec) && isObject(info.spec.cluster) ? info.spec.cluster : {};
  const audience = isObject(cluster.config) ? cluster.config.audience : undefined;
  return {
    apiVersion: known ? `${group}v1beta1` : `${group}v1`,
    audience: typeof audience === "string" && audience ? audience : undefined,
  };
}
