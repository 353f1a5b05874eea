import type { KubernetesPlanParts } from "./kubernetes_types.ts";
import type { YamlValue } from "./yaml.ts";

/** RoleBinding or ClusterRoleBinding of the one user or group. */
export function roleBinding({ name, namespace, role, member }: KubernetesPlanParts): YamlValue {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { name, namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: role.kind, name: role.name },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: member.kind, name: member.name }],
  };
}

/** A kubeconfig whose user runs Signet for its tokens. */
export function kubeconfig({ base, name, namespace, options }: KubernetesPlanParts): YamlValue {
  const [command = "signet", ...first] = options.command ?? ["signet", "kube-exec"];
  const user = {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command,
      args: [...first, "--audience", base.audience],
      env: [{ name: "SIGNET_ISSUER", value: base.issuer }],
      interactiveMode: "Never",
      provideClusterInfo: false,
    },
  };
  const head = { apiVersion: "v1", kind: "Config" };
  if (!options.server) return { ...head, users: [{ name, user }] };
  const ca = options.clusterCa === undefined
    ? undefined
    : btoa(options.clusterCa.replaceAll("\r\n", "\n").trim() + "\n");
  return {
    ...head,
    clusters: [{
      name,
      cluster: { server: options.server, "certificate-authority-data": ca },
    }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    "current-context": name,
  };
}
