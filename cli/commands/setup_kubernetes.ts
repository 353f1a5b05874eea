import { type Command, InvalidArgumentError, Option } from "commander";
import { type KubernetesSetupOptions, setupKubernetes } from "../../setup/kubernetes.ts";
import { createCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { readText } from "../read_json.ts";
import { makePlan } from "../setup/make_plan.ts";
import { type DeploymentOptions, withDeployments, withSetupOptions } from "../setup/options.ts";
import { printPlan } from "../setup/print_plan.ts";
import { resolveWorkload } from "../setup/resolve_workload.ts";

interface Options extends DeploymentOptions {
  readonly namespace?: string;
  readonly clusterWide?: boolean;
  readonly role?: KubernetesSetupOptions["role"];
  readonly prefix?: string;
  readonly admit?: KubernetesSetupOptions["admit"];
  readonly server?: string;
  readonly clusterCa?: string;
  readonly issuerCa?: string;
  readonly discoveryUrl?: string;
  readonly exec?: string;
}

const FLAGS = { "role.name": "role", "role.kind": "role", command: "exec" };

/** `signet setup kubernetes` */
export function setupKubernetesCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "kubernetes",
    summary: "An authenticator, a role binding and a kubeconfig, for an API server",
    more: "The kubeconfig runs `signet kube-exec` for its tokens; --exec names another way to " +
      "start it.",
    examples: [
      [
        "signet setup kubernetes --workload web --namespace shop --role edit",
        "edit in one namespace",
      ],
      [
        "signet setup kubernetes --workload web --server https://k8s.acme.test:6443 \\\n" +
        "    --show kubeconfig.yaml > kubeconfig.yaml",
        "the kubeconfig alone",
      ],
    ],
  })
    .option("--namespace <name>", "namespace of the role binding (default: default)")
    .option("--cluster-wide", "bind in the whole cluster instead")
    .option("--role <name>", "ClusterRole, or Role/NAME (default: view)", parseRole)
    .option("--prefix <text>", "prefix of user and group names (default: signet)")
    .addOption(
      new Option("--admit <whom>", "whom the authenticator admits (default: organization)")
        .choices(["organization", "workload"]),
    )
    .option("--server <url>", "the API server, for the kubeconfig")
    .option("--cluster-ca <file>", "PEM of the cluster's CA, for the kubeconfig")
    .option("--issuer-ca <file>", "PEM of the CA that signed the issuer's certificate")
    .option("--discovery-url <url>", "where the API server reads discovery, if not at the issuer")
    .option("--exec <command>", 'starts kube-exec (default: "signet kube-exec")');
  return withSetupOptions(withDeployments(command))
    .action((options: Options) => planKubernetes(context, options));
}

function parseRole(text: string): KubernetesSetupOptions["role"] {
  const [, kind = "ClusterRole", name = ""] = /^(?:(ClusterRole|Role)\/)?([^/]+)$/.exec(text) ?? [];
  if (name === "") throw new InvalidArgumentError("Write NAME, ClusterRole/NAME or Role/NAME.");
  return { kind: kind as "ClusterRole" | "Role", name };
}

async function planKubernetes(context: CliContext, options: Options): Promise<void> {
  const { input, registered } = await resolveWorkload(context, options);
  const clusterCa = await readText(context, options.clusterCa);
  const issuerCa = await readText(context, options.issuerCa);
  const plan = makePlan(() =>
    setupKubernetes(input, {
      namespace: options.namespace,
      clusterWide: options.clusterWide,
      role: options.role,
      prefix: options.prefix,
      admit: options.admit,
      server: options.server,
      clusterCa,
      issuerCa,
      discoveryUrl: options.discoveryUrl,
      command: options.exec?.split(/\s+/).filter(Boolean),
    }), FLAGS);
  await printPlan(context, plan, { options, registered });
}
