import { credentialFile, fileSource } from "../../setup/gcp_external_account.ts";
import { CliError } from "../errors.ts";
import type { TokenFile } from "./keep_file.ts";
import type { AgentOptions } from "./options.ts";

/** The endpoint as programs reach it. */
export interface EndpointPlace {
  /** `http://127.0.0.1:PORT/token` */
  readonly url: string;
  readonly bearer: string;
}

/** What an agent keeps, decided before anything is asked or written. */
export interface AgentPlan {
  readonly files: readonly TokenFile[];
  /** Google's credential file, where one is wanted; its text needs the endpoint. */
  readonly google: { readonly path: string; text(endpoint?: EndpointPlace): string } | undefined;
  /** Variables for programs. */
  environment(endpoint?: EndpointPlace): Record<string, string>;
  /** What a program will miss all the same. */
  readonly warnings: readonly string[];
}

/** What a plan is made from. */
export interface PlanSetup {
  readonly env: (name: string) => string | undefined;
  readonly absolute: (path: string) => string;
  /** Whether a Signet issuer mints: only it can bind a token to a role. */
  readonly canBindRoles: boolean;
}

/** Plans the files and variables of an agent. @throws {CliError} when they make no sense together. */
export function planAgent(options: AgentOptions, setup: PlanSetup): AgentPlan {
  const google = planGoogle(options, setup);
  const files = [...tokenFiles(options, setup), ...google?.files ?? []];
  const paths = [...files, ...google ? [google] : []].map(({ path }) => path);
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) throw new CliError("usage", `Cannot keep two things in ${twice}`);
  if (paths.length === 0 && options.listen === false) {
    throw new CliError("usage", "Nothing to do: no file is named, and --no-listen is set", {
      next: "signet agent --help",
    });
  }
  return {
    files,
    google,
    environment: (endpoint) => environmentOf({ options, setup, endpoint }),
    warnings: warningsOf(options, environmentOf({ options, setup, endpoint: undefined })),
  };
}

function warningsOf(options: AgentOptions, found: Readonly<Record<string, string>>): string[] {
  const azure = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"].filter((name) => !found[name]);
  return [
    ...(options.awsFile !== undefined && !found.AWS_ROLE_ARN
      ? ["AWS's SDKs want a role too: --aws-role ARN, or set AWS_ROLE_ARN"]
      : []),
    ...(options.azureFile !== undefined && azure.length > 0
      ? [`Azure's SDKs want ${azure.join(" and ")} too: set what signet setup azure prints`]
      : []),
  ];
}

function roleOf({ awsRole }: AgentOptions, { env }: PlanSetup): string | undefined {
  return awsRole ?? (env("SIGNET_AWS_ROLE_ARN") || env("AWS_ROLE_ARN") || undefined);
}

function tokenFiles(options: AgentOptions, setup: PlanSetup): TokenFile[] {
  const ttl = options.ttl === undefined ? {} : { ttl: options.ttl };
  const role = setup.canBindRoles ? roleOf(options, setup) : undefined;
  const named = [
    ...(options.awsFile === undefined ? [] : [{
      audience: "sts.amazonaws.com",
      path: options.awsFile,
      roles: role ? [role] : undefined,
    }]),
    ...(options.azureFile === undefined
      ? []
      : [{ audience: "api://AzureADTokenExchange", path: options.azureFile }]),
    ...options.file ?? [],
  ];
  return named.map(({ audience, path, ...more }) => {
    const wishes = { ...ttl, ...(more as { roles?: string[] }) };
    const plain = Object.values(wishes).every((wish) => wish === undefined);
    const place = { audience, path: setup.absolute(path) };
    return plain ? place : { ...place, options: wishes };
  });
}

function planGoogle(options: AgentOptions, { env, absolute }: PlanSetup) {
  if (options.googleFile === undefined) return undefined;
  const providerResource = (options.googleProvider ?? env("SIGNET_GCP_WORKLOAD_PROVIDER") ?? "")
    .replace(/^(?:https:)?\/\/iam\.googleapis\.com\//, "");
  if (
    !/^projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+$/.test(
      providerResource,
    )
  ) {
    throw new CliError("usage", "Cannot write Google's credential file: no provider is named", {
      next: "--google-provider projects/NUMBER/locations/global/workloadIdentityPools/POOL/" +
        "providers/PROVIDER, or SIGNET_GCP_WORKLOAD_PROVIDER",
    });
  }
  const { googleTokenFile, listen } = options;
  if (googleTokenFile === undefined && listen === false) {
    throw new CliError("usage", "Cannot write Google's credential file: it has no token to name", {
      next: "Leave --no-listen out, or add --google-token-file PATH.",
    });
  }
  const audience = `https://iam.googleapis.com/${providerResource}`;
  const tokenPath = googleTokenFile === undefined ? undefined : absolute(googleTokenFile);
  const serviceAccount = options.googleAccount ??
    (env("SIGNET_GCP_SERVICE_ACCOUNT") || undefined);
  return {
    path: absolute(options.googleFile),
    files: tokenPath === undefined ? [] : [{ audience, path: tokenPath }],
    text: (endpoint?: EndpointPlace) => {
      const source = tokenPath === undefined
        ? endpointSource(endpoint!, audience)
        : fileSource(tokenPath);
      const file = credentialFile({ providerResource, serviceAccount, source });
      return JSON.stringify(file, null, 2) + "\n";
    },
  };
}

function endpointSource({ url, bearer }: EndpointPlace, audience: string) {
  return {
    url: `${url}?audience=${encodeURIComponent(audience)}`,
    headers: { Authorization: `Bearer ${bearer}` },
    format: { type: "json", subject_token_field_name: "value" },
  };
}

function environmentOf(
  { options, setup, endpoint }: {
    options: AgentOptions;
    setup: PlanSetup;
    endpoint: EndpointPlace | undefined;
  },
): Record<string, string> {
  const { env, absolute } = setup;
  const variables = {
    ...(options.awsFile !== undefined && {
      AWS_WEB_IDENTITY_TOKEN_FILE: absolute(options.awsFile),
      AWS_ROLE_ARN: roleOf(options, setup),
    }),
    ...(options.azureFile !== undefined && {
      AZURE_FEDERATED_TOKEN_FILE: absolute(options.azureFile),
      AZURE_CLIENT_ID: env("SIGNET_AZURE_CLIENT_ID") || env("AZURE_CLIENT_ID"),
      AZURE_TENANT_ID: env("SIGNET_AZURE_TENANT_ID") || env("AZURE_TENANT_ID"),
    }),
    ...(options.googleFile !== undefined && {
      GOOGLE_APPLICATION_CREDENTIALS: absolute(options.googleFile),
    }),
    ...(endpoint && {
      // GitHub's toolkit appends &audience=…, so that there must be a query already.
      ACTIONS_ID_TOKEN_REQUEST_URL: `${endpoint.url}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: endpoint.bearer,
    }),
  };
  const given = Object.entries(variables).filter(([, value]) =>
    value !== undefined && value !== ""
  );
  return Object.fromEntries(given) as Record<string, string>;
}
