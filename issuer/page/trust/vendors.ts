import type { AwsSetupOptions } from "../../../setup/aws_types.ts";
import { setupAws } from "../../../setup/aws.ts";
import { setupAzure } from "../../../setup/azure.ts";
import { setupGcp } from "../../../setup/gcp.ts";
import { setupKubernetes } from "../../../setup/kubernetes.ts";
import { setupVault } from "../../../setup/vault.ts";
import { listOf, type TrustField, type TrustVendor } from "./vendor.ts";

/** A field whose faults the generators report as `options.{name}`. */
function option(name: string, label: string, rest: Partial<TrustField> = {}): TrustField {
  return { name, label, faults: [`options.${name}`], ...rest };
}

const aws: TrustVendor = {
  id: "aws",
  title: "AWS",
  perDeployment: true,
  fields: [
    option("accountId", "Account ID", { required: true, example: "123456789012" }),
    option("roleName", "Role", { hint: "Default: signet-{app}-{context}" }),
    option("policyArns", "Policies to attach", {
      hint: "ARNs, separated by commas",
      example: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    }),
    option("partition", "Partition", {
      choices: [
        ["aws", "aws"],
        ["aws-us-gov", "aws-us-gov"],
        ["aws-cn", "aws-cn"],
        ["aws-eusc", "aws-eusc"],
      ],
    }),
  ],
  plan: (input, value) =>
    setupAws(input, {
      accountId: value("accountId") ?? "",
      roleName: value("roleName"),
      policyArns: listOf(value("policyArns")),
      partition: value("partition") as AwsSetupOptions["partition"],
    }),
};

const gcp: TrustVendor = {
  id: "gcp",
  title: "Google Cloud",
  perDeployment: false,
  fields: [
    option("projectId", "Project ID", { required: true, example: "acme-prod" }),
    option("projectNumber", "Project number", {
      required: true,
      example: "123456789012",
      hint: "Google's token service takes no project ID",
    }),
    option("roles", "Project roles", {
      hint: "Separated by commas",
      example: "roles/storage.objectViewer",
    }),
    option("serviceAccount", "Service account to impersonate", {
      hint: "Default: none, direct access",
      example: "web@acme-prod.iam.gserviceaccount.com",
    }),
    option("pool", "Pool", { hint: "Default: signet" }),
    option("provider", "Provider", { hint: "Default: signet" }),
  ],
  plan: (input, value) =>
    setupGcp(input, {
      projectId: value("projectId") ?? "",
      projectNumber: value("projectNumber") ?? "",
      roles: listOf(value("roles")),
      serviceAccount: value("serviceAccount"),
      pool: value("pool"),
      provider: value("provider"),
    }),
};

const azure: TrustVendor = {
  id: "azure",
  title: "Azure",
  perDeployment: false,
  fields: [
    option("tenantId", "Directory (tenant) ID", {
      required: true,
      example: "2d8a5d5e-0000-4000-8000-1c2b3a4d5e6f",
    }),
    option("subscriptionId", "Subscription ID", {
      required: true,
      example: "9f8e7d6c-0000-4000-8000-5a4b3c2d1e0f",
    }),
    option("kind", "The workload logs in as", {
      choices: [
        ["app", "an app registration"],
        ["managed-identity", "a user-assigned managed identity"],
      ],
      faults: ["options.target"],
    }),
    option("target", "Name of the app or identity", {
      hint: "Made when it is not there. Default: signet-{app}-{context}",
      faults: ["options.target.displayName", "options.target.name"],
    }),
    option("resourceGroup", "Resource group", {
      hint: "Of a managed identity",
      example: "shop",
      faults: ["options.target.resourceGroup"],
    }),
    option("role", "Role to assign", { example: "Reader", faults: ["options.roles[0].role"] }),
    option("scope", "Scope of the role", {
      hint: "Default: the subscription",
      faults: ["options.roles[0].scope"],
    }),
  ],
  plan(input, value) {
    const { app, context } = input.workload;
    const name = value("target") ?? `signet-${app}-${context}`;
    const subscriptionId = value("subscriptionId") ?? "";
    const role = value("role");
    const scope = value("scope") ?? `/subscriptions/${subscriptionId}`;
    return setupAzure(input, {
      tenantId: value("tenantId") ?? "",
      subscriptionId,
      target: value("kind") === "managed-identity"
        ? { kind: "managed-identity", name, resourceGroup: value("resourceGroup") ?? "" }
        : { kind: "app", displayName: name },
      roles: role === undefined ? undefined : [{ role, scope }],
    });
  },
};

const vault: TrustVendor = {
  id: "vault",
  title: "Vault",
  perDeployment: true,
  fields: [
    option("program", "Server", { choices: [["vault", "HashiCorp Vault"], ["bao", "OpenBao"]] }),
    option("address", "Address", { example: "https://vault.example:8200" }),
    option("role", "Role", { hint: "Default: {app}-{context}" }),
    option("mount", "Auth method path", { hint: "Default: jwt" }),
    option("policies", "Policies", { hint: "Separated by commas. Default: the role's name" }),
    option("readPaths", "Paths it may read", {
      hint: "Writes a policy with the role's name",
      example: "secret/data/web",
    }),
  ],
  plan: (input, value) =>
    setupVault(input, {
      program: value("program") as "vault" | "bao" | undefined,
      address: value("address"),
      role: value("role"),
      mount: value("mount"),
      policies: listOf(value("policies")),
      readPaths: listOf(value("readPaths")),
    }),
};

const kubernetes: TrustVendor = {
  id: "kubernetes",
  title: "Kubernetes",
  perDeployment: true,
  fields: [
    option("namespace", "Namespace", { hint: "Default: default", example: "shop" }),
    option("clusterRole", "Cluster role to bind", {
      hint: "Default: view",
      faults: ["options.role"],
    }),
    option("server", "API server", {
      hint: "For the kubeconfig",
      example: "https://kube.example:6443",
    }),
    option("clusterWide", "Bind in the whole cluster", { check: true }),
  ],
  plan(input, value) {
    const role = value("clusterRole");
    return setupKubernetes(input, {
      namespace: value("namespace"),
      clusterWide: value("clusterWide") !== undefined,
      server: value("server"),
      role: role === undefined ? undefined : { kind: "ClusterRole", name: role },
    });
  },
};

/** Every relying party, in the order in which it is shown. */
export const vendors: readonly TrustVendor[] = [aws, gcp, azure, vault, kubernetes];
