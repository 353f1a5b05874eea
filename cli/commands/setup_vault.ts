import { type Command, Option } from "commander";
import { setupVault, type VaultSetupOptions } from "../../setup/vault.ts";
import { collect, createCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { readText } from "../read_json.ts";
import { makePlan } from "../setup/make_plan.ts";
import { type DeploymentOptions, withDeployments, withSetupOptions } from "../setup/options.ts";
import { printPlan } from "../setup/print_plan.ts";
import { resolveWorkload } from "../setup/resolve_workload.ts";

interface Options extends DeploymentOptions {
  readonly program?: VaultSetupOptions["program"];
  readonly address?: string;
  readonly mount?: string;
  readonly role?: string;
  readonly policy?: readonly string[];
  readonly readPath?: readonly string[];
  readonly tokenTtl?: number;
  readonly issuerCa?: string;
}

const FLAGS = {
  policies: "policy",
  readPaths: "read-path",
  tokenTtlSeconds: "token-ttl",
};

/** `signet setup vault` */
export function setupVaultCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "vault",
    summary: "A JWT auth method and a role, for Vault or OpenBao",
    examples: [
      [
        "signet setup vault --workload web --read-path 'secret/data/web/*'",
        "a role, and a policy that reads",
      ],
      [
        "signet setup vault --workload web --program bao \\\n" +
        "    --address https://bao.acme.test:8200",
        "OpenBao",
      ],
    ],
  })
    .addOption(
      new Option("--program <name>", "program to call (default: vault)").choices(["vault", "bao"]),
    )
    .option("--address <url>", "the server, such as https://vault.acme.test:8200")
    .option("--mount <path>", "path of the auth method (default: jwt)")
    .option("--role <name>", "role to write (default: {app}-{context})")
    .option("--policy <name>", "policy of its tokens (repeat; default: the role's name)", collect)
    .option("--read-path <path>", "path that a policy of that name may read (repeat)", collect)
    .option("--token-ttl <duration>", "life of Vault's tokens (default: 15m)", parseDuration)
    .option("--issuer-ca <file>", "PEM of the CA that signed the issuer's certificate");
  return withSetupOptions(withDeployments(command))
    .action((options: Options) => planVault(context, options));
}

async function planVault(context: CliContext, options: Options): Promise<void> {
  const { input, registered } = await resolveWorkload(context, options);
  const issuerCa = await readText(context, options.issuerCa);
  const plan = makePlan(() =>
    setupVault(input, {
      program: options.program,
      address: options.address,
      mount: options.mount,
      role: options.role,
      policies: options.policy,
      readPaths: options.readPath,
      tokenTtlSeconds: options.tokenTtl,
      issuerCa,
    }), FLAGS);
  await printPlan(context, plan, { options, registered });
}
