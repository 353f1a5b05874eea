import { chooseSource, type SourceChoice } from "../../client/choose_source.ts";
import { createIdTokenClient, type IdTokenClient } from "../../client/create_id_token_client.ts";
import { IdTokenError } from "../../client/errors.ts";
import type { DoctorProbe } from "../../doctor/vendor_context.ts";
import type { SetupVendor } from "../../setup/types.ts";
import type { CliContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { readToken } from "../read_json.ts";
import { awsRole, gcpProvider, loginWay } from "./logins.ts";
import type { DoctorOptions } from "./options.ts";

/** What may be used to try the audiences, and what could be tried besides. */
export interface Probes {
  readonly vendors: Readonly<Partial<Record<SetupVendor, DoctorProbe>>>;
  /** One line per thing that is left out, with how to have it. */
  readonly hints: readonly string[];
}

/** What the probes are made of. */
export interface ProbeSetup {
  readonly issuer: string;
  readonly vendors: readonly SetupVendor[];
  readonly options: DoctorOptions;
}

type Mint = (audience: string, vendor: SetupVendor) => Promise<string>;

const NO_TOKEN = "Tokens were not judged: set SIGNET_REQUEST_TOKEN of the workload, or --token -";
const NO_OTHER = "The login that must fail: --other-token-env NAME, the variable that holds " +
  "another workload's request token";

/** Collects what the options and the environment allow to try. */
export async function collectProbes(context: CliContext, setup: ProbeSetup): Promise<Probes> {
  const { options, vendors } = setup;
  const mint = vendors.length === 0 ? undefined : await chooseMint(context, setup);
  const mintOther = otherMint(context, setup);
  const hints = vendors.length > 0 && !mint ? [NO_TOKEN] : [];
  const probes = vendors.map((vendor) => {
    const login = { host: context.host, options };
    const way = loginWay(vendor, login);
    if (mint && "how" in way) hints.push(`The login to ${vendor} was not tried: give ${way.how}`);
    if (mint && "login" in way && !mintOther) hints.push(NO_OTHER);
    const probe: DoctorProbe = {
      audience: options.audience ?? (vendor === "gcp" ? googleAudience(login) : undefined),
      subject: options.subject,
      mint: mint && ((audience) => mint(audience, vendor)),
      mintOther: mintOther && ((audience) => mintOther(audience, vendor)),
      login: "login" in way ? way.login : undefined,
    };
    return [vendor, probe] as const;
  });
  return { vendors: Object.fromEntries(probes), hints: [...new Set(hints)] };
}

function googleAudience(setup: Parameters<typeof gcpProvider>[0]): string | undefined {
  const provider = gcpProvider(setup);
  return provider === undefined ? undefined : `https://iam.googleapis.com/${provider}`;
}

/** A given token, or the client as a program uses it; undefined where nothing proves who runs this. */
async function chooseMint(
  context: CliContext,
  { issuer, options }: ProbeSetup,
): Promise<Mint | undefined> {
  if (options.token !== undefined) {
    const token = await readToken(context, options.token);
    return () => Promise.resolve(token);
  }
  const { env, fetch, now } = context.host;
  if (!await hasSource({ env, fetch, now, issuer, random: Math.random })) return undefined;
  return mintWith(clientOf(context, { issuer, env }), { context, options });
}

/** Whether anything around this process proves who it is; a broken proof is told when it is used. */
async function hasSource(choice: SourceChoice): Promise<boolean> {
  try {
    await chooseSource(choice);
    return true;
  } catch (error) {
    return !(error instanceof IdTokenError && error.code === "no_source");
  }
}

function otherMint(context: CliContext, { issuer, options }: ProbeSetup): Mint | undefined {
  const name = options.otherTokenEnv;
  if (name === undefined) return undefined;
  const token = context.host.env(name);
  if (!token) throw new CliError("usage", `Cannot use --other-token-env: ${name} is not set`);
  const env = (asked: string) => asked === "SIGNET_REQUEST_TOKEN" ? token : undefined;
  return mintWith(clientOf(context, { issuer, env, source: "signet" }), { context, options });
}

function clientOf(
  { host: { fetch, now } }: CliContext,
  setup: { issuer: string; env: (name: string) => string | undefined; source?: "signet" },
): IdTokenClient {
  return createIdTokenClient({ fetch, now, ...setup });
}

/** As the AWS helper does, the token is bound to the role: a trust may demand that. */
function mintWith(
  client: IdTokenClient,
  { context, options }: { context: CliContext; options: DoctorOptions },
): Mint {
  const roleArn = awsRole({ host: context.host, options });
  const roles = roleArn === undefined ? undefined : [roleArn];
  return async (audience, vendor) => {
    try {
      return await client.getIdToken(audience, vendor === "aws" ? { roles } : undefined);
    } catch (error) {
      const plain = error instanceof IdTokenError && error.code === "unsupported_option";
      if (!plain) throw error;
      return await client.getIdToken(audience);
    }
  };
}
