import type { Command } from "commander";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { execCredential } from "../../client/kubernetes/exec_credential.ts";
import { createCommand } from "../command.ts";
import type { CliContext, CommonOptions } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { idTokenFailure } from "../id_token_failure.ts";

interface Options extends CommonOptions {
  readonly audience?: string;
  readonly ttl?: number;
}

/** `signet kube-exec` */
export function kubeExecCommand(context: CliContext): Command {
  return createCommand({
    usage: "kube-exec",
    summary: "A token for kubectl, as its exec plugins print it",
    more: "kubectl runs it: the kubeconfig of `signet setup kubernetes` says so. Prints an " +
      "ExecCredential; kubectl keeps the token until shortly before it ends.",
    examples: [
      ["signet kube-exec --audience kubernetes", "what kubectl would read"],
      [
        "signet setup kubernetes --workload web --show kubeconfig.yaml",
        "the kubeconfig that runs it",
      ],
    ],
  })
    .option("--audience <name>", "the API server's (default: $SIGNET_KUBERNETES_AUDIENCE)")
    .option("--ttl <duration>", "lifetime, such as 10m (default: the issuer's)", parseDuration)
    .option("--issuer <url>", "the issuer (default: $SIGNET_ISSUER)")
    .action((options: Options) => printCredential(context, options));
}

async function printCredential({ host, out }: CliContext, options: Options): Promise<void> {
  const { env, fetch, now, signal } = host;
  const { audience, ttl, issuer } = options;
  using client = createIdTokenClient({ env, fetch, now, issuer });
  try {
    out.json(await execCredential({ client, env, now, signal, audience, ttl }));
  } catch (error) {
    throw idTokenFailure(error);
  }
}
