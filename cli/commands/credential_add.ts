import type { Command } from "commander";
import { adminPath } from "../admin_client.ts";
import type { CredentialView } from "../admin_types.ts";
import { collect, createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin, requireIssuer } from "../context.ts";
import { formatMoment, formatWhen, parseDuration } from "../duration.ts";
import { CliError } from "../errors.ts";
import { createOfflineCredential, OFFLINE_EXPIRES_IN } from "../offline_credential.ts";
import { printSecret } from "../print_secret.ts";
import { readJson } from "../read_json.ts";

interface Options extends CommonOptions {
  readonly expiresIn?: number;
  readonly audience?: readonly string[];
  readonly deployment?: string;
  readonly publicKey?: string;
  readonly offline?: boolean;
  readonly env?: boolean;
}

/** `signet credential add <workload>` */
export function credentialAddCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "add <workload>",
    summary: "Give a workload a way to prove itself",
    more: "A request token is a secret: it is printed once, alone on stdout. A public key " +
      "holds no secret; the program keeps the private half in SIGNET_PRIVATE_KEY.",
    examples: [
      ["signet credential add web", "a request token for 90 days"],
      ["signet credential add web --env >> .env", "the same, as lines for a .env file"],
      ["signet credential add web --public-key key.json", "a key that the program made itself"],
      [
        "signet credential add web --offline --issuer https://id.acme.test",
        "asks no server: a token, and its SHA-256 for SIGNET_CONFIG",
      ],
    ],
  })
    .option("--expires-in <duration>", "how long it works (default: 90d)", parseDuration)
    .option("--audience <pattern>", "narrow it to this audience (repeat for more)", collect)
    .option("--deployment <name>", "the deployment it stands for; becomes part of the subject")
    .option("--public-key <file>", "register this public JWK instead (- reads stdin)")
    .option("--offline", "make a request token here, for a workload kept in SIGNET_CONFIG")
    .option("--env", "print SIGNET_ISSUER=… and SIGNET_REQUEST_TOKEN=… lines");
  return withIssuer(command).action((workload: string, options: Options) =>
    options.offline
      ? addOffline(context, workload, options)
      : addCredential(context, workload, options)
  );
}

async function addCredential(
  context: CliContext,
  workload: string,
  options: Options,
): Promise<void> {
  const admin = requireAdmin(context, options);
  const jwk = options.publicKey === undefined
    ? undefined
    : await readJson(context, options.publicKey);
  const { body } = await admin.send<CredentialView>({
    method: "POST",
    path: adminPath("workloads", workload, "credentials"),
    body: {
      type: jwk === undefined ? "request_token" : "public_key",
      ...(jwk !== undefined && { jwk }),
      ...(options.expiresIn !== undefined && { expiresIn: options.expiresIn }),
      ...(options.deployment !== undefined && { deployment: options.deployment }),
      ...(options.audience && { audiences: options.audience }),
    },
  });
  const { out, host } = context;
  if (options.json) return out.json(body);
  const until = body.expiresAt
    ? `works until ${formatMoment(body.expiresAt)} UTC (${formatWhen(body.expiresAt, host.now())})`
    : "does not expire";
  const what = jwk === undefined ? "Request token" : "Public key";
  const remark = `${what} ${body.id} of workload ${workload}\n${until}.`;
  if (body.secret === undefined) return out.line(remark);
  const issued = { issuer: requireIssuer(context, options), workload, secret: body.secret };
  printSecret(context, { issued: { ...issued, remarks: [remark] }, env: options.env });
}

function addOffline(context: CliContext, workload: string, options: Options): void {
  if (options.publicKey !== undefined) {
    throw new CliError("usage", "Cannot combine --offline with --public-key", {
      next: "A public key is no secret: write the JWK into SIGNET_CONFIG as it is.",
    });
  }
  const issuer = requireIssuer(context, options);
  const { host, out } = context;
  const { secret, credential } = createOfflineCredential({
    issuer,
    workload,
    expiresIn: options.expiresIn ?? OFFLINE_EXPIRES_IN,
    deployment: options.deployment,
    audiences: options.audience,
    now: host.now(),
    randomBytes: host.randomBytes,
  });
  if (options.json) return out.json({ secret, credential });
  const remarks = [
    `Nothing was sent. For "credentials" of workload ${workload} in SIGNET_CONFIG:`,
    "",
    ...JSON.stringify(credential, null, 2).split("\n").map((line) => "  " + line),
    "",
    `The request token works once ${issuer} has read that.`,
  ];
  printSecret(context, { issued: { issuer, workload, secret, remarks }, env: options.env });
}
