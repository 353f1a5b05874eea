import type { Preset, PresetParam } from "./preset.ts";

const SERVICE_ACCOUNT_PARAMS: Readonly<Record<string, PresetParam>> = {
  namespace: { description: "namespace of the service account", example: "shop" },
  serviceAccount: { description: "name of the service account", example: "web" },
  serviceAccountUid: {
    description: "uid of the service account: another one of the same name is refused",
    example: "a709ef71-30e2-489a-bd19-ade97031b9db",
    claim: "/kubernetes.io/serviceaccount/uid",
    immutable: true,
  },
};

/**
 * Service account tokens of a cluster. Its issuer serves that cluster alone, and a service account
 * cannot be renamed: only who may write to the namespace can make another of the same name.
 */
const common = {
  required: [["namespace"], ["serviceAccount"]],
  claims: (value: (param: string) => string | undefined) => ({
    sub: `system:serviceaccount:${value("namespace")}:${value("serviceAccount")}`,
  }),
  identity: [{ claim: "sub", fixedSegments: 3 }, { claim: "/kubernetes.io/namespace" }],
  renameable: {},
  singleUse: false,
  verified: {
    extra: {
      namespace: "/kubernetes.io/namespace",
      service_account: "/kubernetes.io/serviceaccount/name",
      pod: "/kubernetes.io/pod/name",
      pod_uid: "/kubernetes.io/pod/uid",
      node: "/kubernetes.io/node/name",
    },
  },
} as const satisfies Partial<Preset>;

const IN_CLUSTER = [
  "https://kubernetes.default.svc",
  "https://kubernetes.default.svc.cluster.local",
];

/** Any cluster; one that cannot be reached gives its keys as `jwks`. */
export const kubernetes: Preset = {
  ...common,
  name: "kubernetes",
  title: "Kubernetes",
  documentation:
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
  params: {
    issuer: {
      description: "the cluster's issuer (kubectl get --raw /.well-known/openid-configuration)",
      example: "https://kubernetes.example.com",
    },
    ...SERVICE_ACCOUNT_PARAMS,
  },
  required: [["issuer"], ...common.required],
  issuer: (value) => value("issuer")!,
  owns: (issuer) => IN_CLUSTER.includes(issuer),
};

/** Amazon EKS. */
export const eks: Preset = {
  ...common,
  name: "eks",
  title: "Amazon EKS",
  documentation:
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
  params: {
    region: { description: "region of the cluster", example: "eu-west-1" },
    clusterId: {
      description: "last part of the cluster's OIDC issuer URL",
      example: "EXAMPLED539D4633E53DE1B71EXAMPLE",
      immutable: true,
    },
    ...SERVICE_ACCOUNT_PARAMS,
  },
  required: [["region"], ["clusterId"], ...common.required],
  issuer: (value) => {
    const region = value("region")!;
    const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return `https://oidc.eks.${region}.${suffix}/id/${value("clusterId")}`;
  },
  owns: (issuer) => {
    const host = hostOf(issuer);
    return host.startsWith("oidc.eks.") &&
      (host.endsWith(".amazonaws.com") || host.endsWith(".amazonaws.com.cn"));
  },
};

/** Google Kubernetes Engine. */
export const gke: Preset = {
  ...common,
  name: "gke",
  title: "Google Kubernetes Engine",
  documentation: "https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity",
  params: {
    project: { description: "id of the project", example: "acme-prod", immutable: true },
    location: { description: "zone or region of the cluster", example: "europe-west1" },
    cluster: { description: "name of the cluster", example: "main" },
    ...SERVICE_ACCOUNT_PARAMS,
  },
  required: [["project"], ["location"], ["cluster"], ...common.required],
  issuer: (value) =>
    `https://container.googleapis.com/v1/projects/${value("project")}` +
    `/locations/${value("location")}/clusters/${value("cluster")}`,
  owns: (issuer) => hostOf(issuer) === "container.googleapis.com",
};

/** Azure Kubernetes Service; its issuer URLs end with a slash. */
export const aks: Preset = {
  ...common,
  name: "aks",
  title: "Azure Kubernetes Service",
  documentation: "https://learn.microsoft.com/azure/aks/use-oidc-issuer",
  params: {
    issuer: {
      description: "the cluster's issuer (az aks show --query oidcIssuerProfile.issuerUrl)",
      example:
        "https://westeurope.oic.prod-aks.azure.com/2d8a5d5e-0000-4000-8000-1c2b3a4d5e6f/9f8e7d6c-0000-4000-8000-5a4b3c2d1e0f/",
    },
    ...SERVICE_ACCOUNT_PARAMS,
  },
  required: [["issuer"], ...common.required],
  issuer: (value) => value("issuer")!,
  owns: (issuer) => hostOf(issuer).endsWith(".oic.prod-aks.azure.com"),
};

function hostOf(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).hostname : "";
}
