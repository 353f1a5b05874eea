import type { KubernetesPlanParts } from "./kubernetes_types.ts";
import { hcl, raw } from "./quote.ts";

/** The role binding in Terraform; the authenticator is a file of the control plane. */
export function kubernetesTerraform(parts: KubernetesPlanParts): string {
  const { name, namespace, role, member } = parts;
  const kind = namespace === undefined
    ? "kubernetes_cluster_role_binding_v1"
    : "kubernetes_role_binding_v1";
  const place = namespace === undefined ? "" : hcl`\n    namespace = ${namespace}`;
  return hcl`resource ${kind} "workload" {
  metadata {
    name      = ${name}${raw(place)}
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = ${role.kind}
    name      = ${role.name}
  }
  subject {
    api_group = "rbac.authorization.k8s.io"
    kind      = ${member.kind}
    name      = ${member.name}
  }
}
`;
}
