import { assert, assertEquals } from "@std/assert";

/** What a member of a document may be. `?` at the end of a name makes it optional. */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  | "any"
  | readonly [Shape]
  | { readonly [name: string]: Shape };

/** Assert that a document has the members of the shape and no others. */
export function assertShape(value: unknown, shape: Shape, path = "$"): void {
  if (shape === "any") return;
  if (typeof shape === "string") return assertEquals(typeof value, shape, path);
  if (isTuple(shape)) {
    assert(Array.isArray(value) && value.length > 0, `${path} must be a list`);
    (value as readonly unknown[]).forEach((item, index) =>
      assertShape(item, shape[0], `${path}[${index}]`)
    );
    return;
  }
  assert(
    typeof value === "object" && value !== null && !Array.isArray(value),
    `${path}: an object`,
  );
  const members = value as Record<string, unknown>;
  const known = new Map(
    Object.entries(shape).map(([name, item]) => [name.replace(/\?$/, ""), item]),
  );
  for (const name of Object.keys(members)) {
    assert(known.has(name), `${path}.${name} is unknown to the schema`);
  }
  for (const [name, item] of Object.entries(shape)) {
    const bare = name.replace(/\?$/, "");
    if (bare in members) assertShape(members[bare], item, `${path}.${bare}`);
    else assert(name.endsWith("?"), `${path}.${bare} is missing`);
  }
}

function isTuple(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

/** IAM policy grammar (IAM user guide, "Grammar of the IAM JSON policy language"), as far as a trust policy uses it. */
// deno-lint-ignore no-explicit-any
export function assertTrustPolicy(policy: any): void {
  assertShape(policy, {
    Version: "string",
    Statement: [{ Effect: "string", Principal: "any", Action: "any", Condition: "any" }],
  });
  assertEquals(policy.Version, "2012-10-17");
  for (const statement of policy.Statement) {
    assertEquals(statement.Effect, "Allow");
    assertEquals(Object.keys(statement.Principal), ["Federated"]);
    for (const action of statement.Action) assert(/^sts:[A-Za-z]+$/.test(action), action);
    for (const [operator, conditions] of Object.entries(statement.Condition)) {
      assert(["StringEquals", "StringLike", "Bool"].includes(operator), operator);
      for (const values of Object.values(conditions as Record<string, unknown>)) {
        for (const value of [values].flat()) assertEquals(typeof value, "string");
      }
    }
  }
}

const CEL_RULE = { expression: "string", message: "string" } as const;

/** `AuthenticationConfiguration` of apiserver.config.k8s.io/v1 (k8s.io/apiserver pkg/apis/apiserver/v1/types.go). */
export const AUTHENTICATION_CONFIGURATION: Shape = {
  apiVersion: "string",
  kind: "string",
  jwt: [{
    issuer: {
      url: "string",
      "discoveryURL?": "string",
      "certificateAuthority?": "string",
      audiences: ["string"],
      "audienceMatchPolicy?": "string",
    },
    "claimValidationRules?": [CEL_RULE],
    claimMappings: {
      username: { expression: "string" },
      "groups?": { expression: "string" },
      "uid?": { expression: "string" },
      "extra?": [{ key: "string", valueExpression: "string" }],
    },
    "userValidationRules?": [CEL_RULE],
  }],
};

/** RoleBinding and ClusterRoleBinding of rbac.authorization.k8s.io/v1. */
export const ROLE_BINDING: Shape = {
  apiVersion: "string",
  kind: "string",
  metadata: { name: "string", "namespace?": "string" },
  roleRef: { apiGroup: "string", kind: "string", name: "string" },
  subjects: [{ apiGroup: "string", kind: "string", name: "string" }],
};

/** `Config` of k8s.io/client-go/tools/clientcmd/api/v1 with an exec user. */
export const KUBECONFIG: Shape = {
  apiVersion: "string",
  kind: "string",
  "clusters?": [{
    name: "string",
    cluster: { server: "string", "certificate-authority-data?": "string" },
  }],
  users: [{
    name: "string",
    user: {
      exec: {
        apiVersion: "string",
        command: "string",
        "args?": ["string"],
        "env?": [{ name: "string", value: "string" }],
        interactiveMode: "string",
        "provideClusterInfo?": "boolean",
      },
    },
  }],
  "contexts?": [{
    name: "string",
    context: { cluster: "string", user: "string", "namespace?": "string" },
  }],
  "current-context?": "string",
};

/** Arguments of the Terraform resources that the plans use, from each provider's documents. */
export const TERRAFORM: Readonly<Record<string, Shape>> = {
  aws_iam_openid_connect_provider: {
    url: "string",
    "client_id_list?": ["string"],
    "thumbprint_list?": ["string"],
  },
  aws_iam_policy_document: {
    statement: [{
      actions: ["string"],
      principals: [{ type: "string", identifiers: ["string"] }],
      condition: [{ test: "string", variable: "string", values: ["string"] }],
    }],
  },
  aws_iam_role: { name: "string", max_session_duration: "number", assume_role_policy: "string" },
  aws_iam_role_policy_attachment: { role: "string", policy_arn: "string" },
  google_iam_workload_identity_pool: { project: "string", workload_identity_pool_id: "string" },
  google_iam_workload_identity_pool_provider: {
    project: "string",
    workload_identity_pool_id: "string",
    workload_identity_pool_provider_id: "string",
    attribute_mapping: "any",
    attribute_condition: "string",
    oidc: [{ issuer_uri: "string", "allowed_audiences?": ["string"], "jwks_json?": "string" }],
  },
  google_service_account_iam_member: {
    service_account_id: "string",
    role: "string",
    member: "string",
  },
  google_project_iam_member: { project: "string", role: "string", member: "string" },
  azuread_application: { "display_name?": "string", "client_id?": "string" },
  azuread_service_principal: { client_id: "string", use_existing: "boolean" },
  azuread_application_federated_identity_credential: {
    application_id: "string",
    display_name: "string",
    issuer: "string",
    subject: "string",
    audiences: ["string"],
  },
  azurerm_user_assigned_identity: { name: "string", resource_group_name: "string" },
  azurerm_federated_identity_credential: {
    user_assigned_identity_id: "string",
    name: "string",
    issuer: "string",
    subject: "string",
    audience: ["string"],
  },
  azurerm_role_assignment: {
    scope: "string",
    role_definition_name: "string",
    principal_id: "string",
  },
  vault_auth_backend: { path: "string" },
  vault_jwt_auth_backend: {
    path: "string",
    oidc_discovery_url: "string",
    bound_issuer: "string",
    jwt_supported_algs: ["string"],
    "oidc_discovery_ca_pem?": "string",
  },
  vault_jwt_auth_backend_role: {
    backend: "string",
    role_name: "string",
    role_type: "string",
    user_claim: "string",
    bound_audiences: ["string"],
    "bound_subject?": "string",
    "bound_claims_type?": "string",
    bound_claims: "any",
    token_policies: ["string"],
    token_ttl: "number",
    token_max_ttl: "number",
  },
  vault_policy: { name: "string", policy: "string" },
  kubernetes_role_binding_v1: "any",
  kubernetes_cluster_role_binding_v1: "any",
};
