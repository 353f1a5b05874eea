import type { Command } from "commander";
import type { SetupVendor } from "../../setup/types.ts";
import { withIssuer } from "../command.ts";
import type { CommonOptions } from "../context.ts";
import { CliError } from "../errors.ts";

/** What `signet doctor` takes. */
export interface DoctorOptions extends CommonOptions {
  readonly explain?: string;
  readonly audience?: string;
  readonly subject?: string;
  readonly token?: string;
  readonly otherTokenEnv?: string;
  readonly roleArn?: string;
  readonly region?: string;
  readonly provider?: string;
  readonly serviceAccount?: string;
  readonly tenant?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly vaultAddress?: string;
  readonly mount?: string;
  readonly role?: string;
  readonly server?: string;
}

/** The vendor that an option is for; `any` where it is for whichever is named. */
const OPTION_VENDORS: { readonly [name in keyof DoctorOptions]?: SetupVendor | "any" } = {
  ...{ subject: "any", token: "any", otherTokenEnv: "any" },
  ...{ roleArn: "aws", region: "aws", provider: "gcp", serviceAccount: "gcp" },
  ...{ tenant: "azure", clientId: "azure", scope: "azure" },
  ...{ vaultAddress: "vault", mount: "vault", role: "vault", server: "kubernetes" },
};

/** Refuses an option that no named vendor would look at: a check that is not made must not pass. */
export function requireVendors(options: DoctorOptions, vendors: readonly SetupVendor[]): void {
  for (const [name, vendor] of Object.entries(OPTION_VENDORS)) {
    if (options[name as keyof DoctorOptions] === undefined) continue;
    if (vendor === "any" ? vendors.length > 0 : vendors.includes(vendor)) continue;
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const whom = vendor === "any" ? "the vendor that it is for" : vendor;
    throw new CliError("usage", `Cannot use ${flag}: name ${whom}`, {
      next: `signet doctor ${
        vendor === "any" ? "aws|gcp|azure|vault|kubernetes" : vendor
      } ${flag} …`,
    });
  }
  if (options.audience !== undefined && vendors.length !== 1) {
    throw new CliError("usage", "Cannot use --audience: name the one vendor that it is for");
  }
}

/** Adds {@linkcode DoctorOptions} to the command. */
export function withDoctorOptions(command: Command): Command {
  command
    .option("--explain <text>", "what an error text of a vendor means (- reads stdin)")
    .option("--subject <text>", "subject that the trust names (default: any)")
    .option("--audience <name>", "audience that the trust names (default: the vendor's)")
    .option("--token <jwt>", "judge this token instead of a new one (- reads stdin)")
    .option("--other-token-env <name>", "variable with another workload's request token")
    .option("--role-arn <arn>", "aws: role to log in to (default: $AWS_ROLE_ARN)")
    .option("--region <name>", "aws: region of STS")
    .option("--provider <name>", "gcp: projects/N/…/providers/P")
    .option("--service-account <email>", "gcp: account to act as")
    .option("--tenant <uuid>", "azure: tenant (default: $AZURE_TENANT_ID)")
    .option("--client-id <uuid>", "azure: application (default: $AZURE_CLIENT_ID)")
    .option("--scope <scope>", "azure: what to ask a token for")
    .option("--vault-address <url>", "vault: the server (default: $VAULT_ADDR)")
    .option("--mount <path>", "vault: path of the auth method (default: jwt)")
    .option("--role <name>", "vault: role (default: $SIGNET_VAULT_ROLE)")
    .option("--server <url>", "kubernetes: the API server");
  return withIssuer(command);
}
