import type { Resolved } from "./subject.ts";
import type { SetupWorkload } from "./types.ts";

/** Options of the Kubernetes plan. */
export interface KubernetesSetupOptions {
  /** Namespace of the role binding. Default `default`. */
  readonly namespace?: string;
  /** Bind in the whole cluster instead of a namespace. Default false. */
  readonly clusterWide?: boolean;
  /** Role to bind. Default ClusterRole `view`. */
  readonly role?: { readonly kind: "ClusterRole" | "Role"; readonly name: string };
  /** Prefix of user and group names, so that no token can claim another user's name. Default `signet`. */
  readonly prefix?: string;
  /** Whom the authenticator admits: all workloads of the org, or this subject only. Default `organization`. */
  readonly admit?: "organization" | "workload";
  /** API server for the kubeconfig. Default: the kubeconfig holds only the user. */
  readonly server?: string;
  /** PEM of the cluster's CA for the kubeconfig. Default: the system's CAs. */
  readonly clusterCa?: string;
  /** PEM of the CA that signed the issuer's certificate. Default: the API server's CAs. */
  readonly issuerCa?: string;
  /** Where the API server reads discovery when it cannot reach the issuer URL. Default: the issuer. */
  readonly discoveryUrl?: string;
  /** Program and first arguments that print an ExecCredential. Default `["signet", "kube-exec"]`. */
  readonly command?: readonly string[];
}

/** The checked parts of a plan. */
export interface KubernetesPlanParts {
  readonly base: Resolved;
  readonly workload: SetupWorkload;
  /** Name of the binding and of the kubeconfig user. */
  readonly name: string;
  readonly prefix: string;
  readonly role: { readonly kind: "ClusterRole" | "Role"; readonly name: string };
  /** Undefined binds in the whole cluster. */
  readonly namespace: string | undefined;
  readonly member: { readonly kind: "User" | "Group"; readonly name: string };
  readonly issuerCa: string | undefined;
  readonly options: KubernetesSetupOptions;
}
