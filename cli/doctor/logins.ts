import { awsCredentials } from "../../client/aws/aws_credentials.ts";
import { azureCredential } from "../../client/azure/azure_credential.ts";
import { googleAccessToken } from "../../client/gcp/google_access_token.ts";
import { vaultLogin } from "../../client/vault/vault_login.ts";
import type { SetupVendor } from "../../setup/types.ts";
import type { CliHost } from "../io.ts";
import type { DoctorOptions } from "./options.ts";

/** Logs in to a vendor with one token; rejects with the vendor's own error. */
export type Login = (token: string) => Promise<void>;

/** A way to try a login, or what would have to be said for it. */
export type LoginWay = { readonly login: Login } | { readonly how: string };

/** What a login is tried with. */
export interface LoginSetup {
  readonly host: CliHost;
  readonly options: DoctorOptions;
}

/** How to log in to a vendor, by options and environment. */
export function loginWay(vendor: SetupVendor, setup: LoginSetup): LoginWay {
  return WAYS[vendor](setup);
}

const WAYS: Readonly<Record<SetupVendor, (setup: LoginSetup) => LoginWay>> = {
  aws: awsWay,
  gcp: gcpWay,
  azure: azureWay,
  vault: vaultWay,
  kubernetes: kubernetesWay,
};

/** The first of these variables that is set. */
function first(host: CliHost, ...names: readonly string[]): string | undefined {
  return names.map((name) => host.env(name)).find((value) => value);
}

/** The helper's options: one attempt, the given token, and nothing but the host's own outside. */
function helper({ env, fetch, now, signal }: CliHost, token: string) {
  return { env, fetch, now, signal, attempts: 1, getIdToken: () => Promise.resolve(token) };
}

/** The role whose login is tried, by option or environment. */
export function awsRole({ host, options }: LoginSetup): string | undefined {
  return options.roleArn ?? first(host, "SIGNET_AWS_ROLE_ARN", "AWS_ROLE_ARN");
}

function awsWay(setup: LoginSetup): LoginWay {
  const { host, options: { audience, region } } = setup;
  const roleArn = awsRole(setup);
  if (!roleArn) return { how: "--role-arn ARN (or AWS_ROLE_ARN)" };
  const login: Login = async (token) => {
    const bound = { bindRole: false, roleArn, region, audience };
    await awsCredentials({ ...helper(host, token), ...bound })();
  };
  return { login };
}

/** The provider of a Google pool, by option or environment. */
export function gcpProvider({ host, options }: LoginSetup): string | undefined {
  const name = options.provider ??
    first(host, "SIGNET_GCP_WORKLOAD_PROVIDER", "GCP_WORKLOAD_PROVIDER_ID");
  return name?.replace(/^(?:https:)?\/\/iam\.googleapis\.com\//, "");
}

function gcpWay(setup: LoginSetup): LoginWay {
  const { host, options: { serviceAccount, audience } } = setup;
  const provider = gcpProvider(setup);
  if (!provider) return { how: "--provider projects/N/… (or SIGNET_GCP_WORKLOAD_PROVIDER)" };
  const login: Login = async (token) => {
    const account = { provider, serviceAccount, idTokenAudience: audience };
    await googleAccessToken({ ...helper(host, token), ...account })();
  };
  return { login };
}

/** Management endpoints: every identity may ask for a token of its own cloud's. */
const SCOPES: Readonly<Record<string, string>> = {
  "login.chinacloudapi.cn": "https://management.chinacloudapi.cn/.default",
  "login.microsoftonline.us": "https://management.usgovcloudapi.net/.default",
};

function azureWay({ host, options }: LoginSetup): LoginWay {
  const tenantId = options.tenant ?? first(host, "SIGNET_AZURE_TENANT_ID", "AZURE_TENANT_ID");
  const clientId = options.clientId ?? first(host, "SIGNET_AZURE_CLIENT_ID", "AZURE_CLIENT_ID");
  if (!tenantId || !clientId) {
    return { how: "--tenant UUID --client-id UUID (or AZURE_TENANT_ID and AZURE_CLIENT_ID)" };
  }
  const authority = first(host, "AZURE_AUTHORITY_HOST")?.replace(/^https:\/\/|\/$/g, "") ?? "";
  const scope = options.scope ?? SCOPES[authority] ?? "https://management.azure.com/.default";
  const login: Login = async (token) => {
    const { audience } = options;
    const credential = azureCredential({ ...helper(host, token), tenantId, clientId, audience });
    await credential.getToken(scope);
  };
  return { login };
}

function vaultWay({ host, options }: LoginSetup): LoginWay {
  const address = options.vaultAddress ??
    first(host, "SIGNET_VAULT_ADDR", "VAULT_ADDR", "BAO_ADDR");
  const role = options.role ?? first(host, "SIGNET_VAULT_ROLE");
  if (!address || !role) {
    return { how: "--vault-address URL --role NAME (or VAULT_ADDR and SIGNET_VAULT_ROLE)" };
  }
  const { mount, audience } = options;
  const login: Login = async (token) => {
    // The session is closed at once, which revokes its token.
    await using _session = await vaultLogin({
      ...helper(host, token),
      ...{ address, role, mount, audience },
    });
  };
  return { login };
}

function kubernetesWay({ host, options: { server } }: LoginSetup): LoginWay {
  if (!server) return { how: "--server URL (a private CA: DENO_CERT=ca.pem)" };
  const version = "authentication.k8s.io/v1";
  const login: Login = async (token) => {
    const response = await host.fetch(`${server}/apis/${version}/selfsubjectreviews`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ apiVersion: version, kind: "SelfSubjectReview" }),
      redirect: "error",
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
  };
  return { login };
}
