import type { Command } from "commander";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { collect, createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, withProgress } from "../context.ts";
import { decodeToken } from "../decode_token.ts";
import { CliError } from "../errors.ts";
import { formatDuration, parseDuration } from "../duration.ts";
import { idTokenFailure } from "../id_token_failure.ts";

interface Options extends CommonOptions {
  readonly audience: string;
  readonly ttl?: number;
  readonly role?: readonly string[];
  readonly sessionTag?: readonly string[];
  readonly sourceIdentity?: string;
}

/** `signet token` */
export function tokenCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "token",
    summary: "Get an identity token for an audience",
    more:
      "Gets it exactly as a program does: by SIGNET_REQUEST_TOKEN, SIGNET_PRIVATE_KEY or what " +
      "the platform provides. The token alone goes to stdout; it is a secret while it lives.",
    examples: [
      ["signet token --audience sts.amazonaws.com", "the token"],
      ["signet token --audience vault --ttl 10m | signet inspect -", "get one and look into it"],
    ],
  })
    .requiredOption("--audience <name>", "whom the token is for")
    .option("--ttl <duration>", "lifetime, such as 10m (default: the issuer's)", parseDuration)
    .option("--role <arn>", "AWS role it is bound to (repeat for more)", collect)
    .option("--session-tag <claim>", "claim that becomes an AWS session tag (repeat)", collect)
    .option("--source-identity <claim>", "claim that becomes the AWS source identity");
  return withIssuer(command).action((options: Options) => printToken(context, options));
}

async function printToken(context: CliContext, options: Options): Promise<void> {
  if (options.audience.trim() === "") {
    throw new CliError("usage", "Cannot ask for a token: --audience is empty");
  }
  const token = await withProgress(context, {
    text: "Asking for a token",
    work: () => requestToken(context, options),
  });
  const { out, host } = context;
  const { iat, exp } = decodeToken(token).claims;
  const expiresAt = typeof exp === "number" ? new Date(exp * 1000).toISOString() : null;
  if (options.json) return out.json({ token, audience: options.audience, expiresAt });
  out.line(token);
  if (host.stdout.isTerminal && typeof exp === "number" && typeof iat === "number") {
    out.note();
    out.note(`It lives ${formatDuration(exp - iat)}. Look into it: add  | signet inspect -`);
  }
}

async function requestToken({ host }: CliContext, options: Options): Promise<string> {
  using client = createIdTokenClient({
    env: host.env,
    fetch: host.fetch,
    now: host.now,
    ...(options.issuer !== undefined && { issuer: options.issuer }),
  });
  try {
    return await client.getIdToken(options.audience, {
      ...(options.ttl !== undefined && { ttl: options.ttl }),
      ...(options.role && { roles: options.role }),
      ...(options.sessionTag && { sessionTags: options.sessionTag }),
      ...(options.sourceIdentity !== undefined && { sourceIdentity: options.sourceIdentity }),
      signal: host.signal,
    });
  } catch (error) {
    throw idTokenFailure(error);
  }
}
