/**
 * The line that a program needs, per vendor, given the plan's environment. Kept in one place
 * because it names the helpers of the client.
 *
 * @module
 */

/** The line in two parts; what it needs to import is a comment on it. */
function line(
  statement: string,
  { name, from }: { readonly name: string; readonly from: string },
): string {
  return `${statement} // import { ${name} } from "@signet/oidc/client/${from}"`;
}

/** The options that the environment does not give, as an argument; empty without any. */
function argument(options: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return given.length > 0 ? `{ ${given.join(", ")} }` : "";
}

/** `credentials` for any AWS SDK v3 client. */
export function awsLine(options: { readonly audience: string | undefined }): string {
  return line(`const credentials = awsCredentials(${argument(options)});`, {
    name: "awsCredentials",
    from: "aws",
  });
}

/** Access tokens for Google's APIs. */
export function gcpLine(options: { readonly idTokenAudience: string | undefined }): string {
  return line(`const accessToken = googleAccessToken(${argument(options)});`, {
    name: "googleAccessToken",
    from: "gcp",
  });
}

/** A `TokenCredential` for any Azure SDK client. */
export function azureLine(
  options: { readonly cloud: string | undefined; readonly audience: string | undefined },
): string {
  return line(`const credential = azureCredential(${argument(options)});`, {
    name: "azureCredential",
    from: "azure",
  });
}

/** A session at Vault or OpenBao, closed at the end of its scope. */
export function vaultLine(
  options: { readonly audience: string; readonly mount: string | undefined },
): string {
  return line(`await using vault = await vaultLogin(${argument(options)});`, {
    name: "vaultLogin",
    from: "vault",
  });
}

/** Bearer tokens for the API server. */
export function kubernetesLine(): string {
  return line("const token = kubernetesToken();", { name: "kubernetesToken", from: "kubernetes" });
}
