/**
 * The line that a program needs, per vendor. Kept in one place because it names the helpers of
 * the client.
 *
 * @module
 */

const quoted = (value: string): string => JSON.stringify(value);

/** `credentials` for any AWS SDK v3 client. */
export function awsLine(roleArn: string): string {
  return `const credentials = awsCredentials({ roleArn: ${
    quoted(roleArn)
  } }); // "@signet/oidc/client/aws"`;
}

/** `credentials` for google-auth-library and the Google Cloud clients. */
export function gcpLine(
  names: { readonly provider: string; readonly serviceAccount?: string },
): string {
  const account = names.serviceAccount ? `, serviceAccount: ${quoted(names.serviceAccount)}` : "";
  return `const google = gcpCredentials({ provider: ${
    quoted(names.provider)
  }${account} }); // "@signet/oidc/client/gcp"`;
}

/** A `TokenCredential` for any Azure SDK client. */
export function azureLine(names: { readonly tenantId: string; readonly clientId: string }): string {
  return `const credential = azureCredential({ tenantId: ${quoted(names.tenantId)}, clientId: ${
    quoted(names.clientId)
  } }); // "@signet/oidc/client/azure"`;
}

/** A logged-in Vault or OpenBao client. */
export function vaultLine(
  names: { readonly address: string; readonly role: string; readonly mount: string },
): string {
  return `const vault = vaultClient({ address: ${quoted(names.address)}, role: ${
    quoted(names.role)
  }, mount: ${quoted(names.mount)} }); // "@signet/oidc/client/vault"`;
}

/** A bearer token for the API server. */
export function kubernetesLine(audience: string): string {
  return `const token = await getIdToken(${quoted(audience)}); // "@signet/oidc"`;
}
