import { kubernetesLine } from "./code_line.ts";
import { Faults } from "./faults.ts";
import { authenticationConfiguration } from "./kubernetes_authentication.ts";
import { kubeconfig, roleBinding } from "./kubernetes_objects.ts";
import { kubernetesTerraform } from "./kubernetes_terraform.ts";
import type { KubernetesPlanParts, KubernetesSetupOptions } from "./kubernetes_types.ts";
import { certificates } from "./pem.ts";
import { heredoc, script } from "./script.ts";
import { resolveInput } from "./subject.ts";
import type { SetupInput, SetupPlan } from "./types.ts";
import { toYaml } from "./yaml.ts";

export type { KubernetesSetupOptions } from "./kubernetes_types.ts";

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const OBJECT_NAME = /^[a-z0-9](?:[a-z0-9.:-]{0,250}[a-z0-9])?$/;
const SERVER = /^https:\/\/[A-Za-z0-9.:[\]-]+(?:\/[A-Za-z0-9._~/-]*)?$/;

/** Plan the trust of an API server in one workload: authenticator, role binding, kubeconfig. */
export function setupKubernetes(
  input: SetupInput,
  options: KubernetesSetupOptions = {},
): SetupPlan {
  const faults = new Faults();
  const base = resolveInput(input, { vendor: "kubernetes", audience: "kubernetes", faults });
  const { org, app, context } = input.workload ?? {};
  const parts: KubernetesPlanParts = {
    base,
    workload: input.workload,
    name: `signet-${app}-${context}`.slice(0, 200),
    prefix: options.prefix ?? "signet",
    role: options.role ?? { kind: "ClusterRole", name: "view" },
    namespace: options.clusterWide ? undefined : options.namespace ?? "default",
    member: base.perDeployment
      ? { kind: "Group", name: `${options.prefix ?? "signet"}:${org}/${app}/${context}` }
      : { kind: "User", name: `${options.prefix ?? "signet"}:${base.subject}` },
    issuerCa: certificates(options.issuerCa, "options.issuerCa", faults),
    options,
  };
  checkParts(parts, faults);
  faults.done("kubernetes");
  const rbac = toYaml(roleBinding(parts));
  const summary = summarize(parts);
  return {
    vendor: "kubernetes",
    issuer: base.issuer,
    subject: base.subject,
    audience: base.audience,
    summary,
    cli: script({
      title: "Give one Signet workload rights in a Kubernetes cluster.",
      plan: summary,
      variables: {},
      body: kubernetesCommands(rbac),
    }),
    terraform: kubernetesTerraform(parts),
    artifacts: [
      { name: "authentication-config.yaml", contents: toYaml(authenticationConfiguration(parts)) },
      { name: "rbac.yaml", contents: rbac },
      { name: "kubeconfig.yaml", contents: toYaml(kubeconfig(parts)) },
    ],
    notes: [...base.issuerNotes, ...kubernetesNotes(parts)],
    environment: { SIGNET_ISSUER: base.issuer, SIGNET_KUBERNETES_AUDIENCE: base.audience },
    code: kubernetesLine(),
  };
}

function checkParts(parts: KubernetesPlanParts, faults: Faults): void {
  const { options, prefix, role } = parts;
  faults.text(prefix, "options.prefix", {
    pattern: /^(?!system$)[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/,
    expected: "lower-case letters, digits, dots and hyphens, not system",
  });
  faults.optional(options.namespace, "options.namespace", {
    pattern: DNS_LABEL,
    expected: "the name of a namespace",
  });
  faults.text(role.name, "options.role.name", {
    pattern: OBJECT_NAME,
    expected: "the name of a role",
  });
  faults.check(
    role.kind === "ClusterRole" || (role.kind === "Role" && parts.namespace !== undefined),
    "options.role.kind",
    "must be ClusterRole, or Role together with a namespace",
  );
  faults.optional(options.server, "options.server", {
    pattern: SERVER,
    expected: "the https URL of the API server",
    max: 2048,
  });
  faults.optional(options.discoveryUrl, "options.discoveryUrl", {
    pattern: SERVER,
    expected: "the https URL of the discovery document",
    max: 2048,
  });
  faults.check(
    options.discoveryUrl === undefined || options.discoveryUrl !== parts.base.issuer,
    "options.discoveryUrl",
    "must differ from the issuer: leave it out",
  );
  faults.list(options.command, "options.command");
  faults.check(options.command?.length !== 0, "options.command", "must name a program");
  certificates(options.clusterCa, "options.clusterCa", faults);
  faults.optional(options.admit, "options.admit", {
    pattern: /^(?:organization|workload)$/,
    expected: "organization or workload",
  });
}

function summarize(
  { base, role, member, namespace, options, workload }: KubernetesPlanParts,
): string[] {
  const admitted = options.admit === "workload"
    ? `the subject ${base.subject}${base.perDeployment ? " and its deployments" : ""}`
    : `the organization ${workload.org}`;
  return [
    `the API server authenticates tokens of ${base.issuer} for the audience ${base.audience} of ${admitted}`,
    `${member.kind === "User" ? "user" : "group"} ${member.name} has ${role.kind} ${role.name} ${
      namespace ? `in namespace ${namespace}` : "in the whole cluster"
    }, and nothing else through this plan`,
    "a kubeconfig whose user gets its tokens from Signet",
  ];
}

function kubernetesCommands(rbac: string): string {
  return `# 1. The authenticator is a file on the control plane, not an object of the API:
#    put authentication-config.yaml there and start kube-apiserver with
#    --authentication-config=FILE. A file that is there already lists its
#    issuers under jwt: add the entry, the file is reloaded.

# 2. The role binding
kubectl apply -f - ${heredoc(rbac, "RBAC_YAML").raw}`;
}

function kubernetesNotes({ base, options, issuerCa }: KubernetesPlanParts): string[] {
  return [
    "--authentication-config excludes the --oidc-* flags; it takes 64 issuers, each URL once.",
    base.perDeployment
      ? "Rights are bound to the group of the workload, because the user name of each deployment differs."
      : "Rights are bound to the exact subject. Tokens of a verified deployment end in /{deployment}: ask for perDeployment if this workload gets its tokens from a platform that proves the deployment.",
    options.admit === "workload"
      ? "The authenticator admits this one subject: a second workload needs another rule in the same entry."
      : "The authenticator admits the organization; role bindings decide what each subject may do. Other workloads of the organization are users without rights.",
    "exp has no leeway in Kubernetes: keep the clocks of issuer and control plane in step.",
    ...(issuerCa ? [] : ["An issuer with a private CA needs certificateAuthority: pass issuerCa."]),
    ...(options.server ? [] : [
      "kubeconfig.yaml holds no cluster: pass server, or merge it with KUBECONFIG=~/.kube/config:kubeconfig.yaml.",
    ]),
    "Managed clusters: EKS takes `aws eks associate-identity-provider-config` (RS256, user name claim and prefix, no rules); others document their own way to give the API server this file.",
  ];
}
