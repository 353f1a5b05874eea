import type { Command } from "commander";
import type { VerificationAlgorithm } from "../../verify/algorithms.ts";
import { verifyIdToken } from "../../verify/create_verifier.ts";
import { TokenVerificationError } from "../../verify/errors.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireIssuer, withProgress } from "../context.ts";
import { type DecodedToken, decodeToken } from "../decode_token.ts";
import { CliError } from "../errors.ts";
import { explainClaim, showClaim } from "../explain_claim.ts";
import { readToken } from "../read_json.ts";

interface Options extends CommonOptions {
  readonly audience?: string;
  readonly verify: boolean;
}

interface Verdict {
  readonly verified: boolean;
  readonly code?: string;
  readonly reason?: string;
}

const ALGORITHMS: readonly VerificationAlgorithm[] = ["RS256", "ES256", "EdDSA"];

/** `signet inspect <jwt>` */
export function inspectCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "inspect <jwt>",
    summary: "Decode a token, explain each claim and verify it",
    more: "Verifies like a stranger: from the issuer's discovery document alone. Use - to read " +
      "the token from stdin, so that it stays out of the shell history.",
    examples: [
      ["signet token --audience vault | signet inspect -", "a fresh token"],
      ["signet inspect - --audience vault < token.txt", "demand an audience; exit code 1 if not"],
      ["signet inspect - --no-verify < token.txt", "decode only, no network"],
    ],
  })
    .option("--audience <name>", "the audience it must be for (default: the token's own)")
    .option("--no-verify", "only decode; ask nobody");
  return withIssuer(command).action((token: string, options: Options) =>
    inspectToken(context, token, options)
  );
}

async function inspectToken(
  context: CliContext,
  argument: string,
  options: Options,
): Promise<void> {
  const token = await readToken(context, argument);
  const decoded = decodeToken(token);
  const verdict = options.verify
    ? await withProgress(context, {
      text: "Reading the issuer's keys",
      work: () => verify(context, { token, decoded, options }),
    })
    : undefined;
  if (options.json) context.out.json({ ...decoded, ...verdict });
  else printToken(context, { decoded, verdict, options });
  if (verdict?.verified === false) {
    throw new CliError(
      verdict.code === "keys_unavailable" ? "unreachable" : "failed",
      verdict.reason ?? "The token is refused",
    );
  }
}

async function verify(
  context: CliContext,
  { token, decoded, options }: { token: string; decoded: DecodedToken; options: Options },
): Promise<Verdict> {
  const { host } = context;
  const expected = options.issuer ?? host.env("SIGNET_ISSUER");
  const issuer = expected ? requireIssuer(context, options) : decoded.claims.iss;
  const audience = options.audience ?? decoded.claims.aud;
  try {
    await verifyIdToken(token, {
      issuer: String(issuer ?? ""),
      audience: audience as string,
      algorithms: ALGORITHMS,
      fetch: host.fetch,
      now: host.now,
    });
    return { verified: true };
  } catch (error) {
    if (error instanceof TokenVerificationError) {
      return { verified: false, code: error.code, reason: error.message };
    }
    if (!(error instanceof TypeError)) throw error;
    return {
      verified: false,
      code: "claim_invalid",
      reason: "Cannot verify token: it names no usable issuer or audience",
    };
  }
}

function printToken(
  { out, host }: CliContext,
  { decoded, verdict, options }: { decoded: DecodedToken; verdict?: Verdict; options: Options },
): void {
  const row = ([name, value]: [string, unknown]) => [
    name,
    showClaim(name, value),
    explainClaim(name, value, host.now()),
  ];
  out.table({
    head: ["HEADER", "VALUE", "MEANING"],
    rows: Object.entries(decoded.header).map(row),
  });
  out.line();
  out.table({ head: ["CLAIM", "VALUE", "MEANING"], rows: Object.entries(decoded.claims).map(row) });
  out.line();
  if (verdict === undefined) {
    return out.line(out.style.yellow("not verified") + ": the signature was not checked");
  }
  if (!verdict.verified) return;
  out.line(`${out.style.green("verified")}: signed by a key of ${String(decoded.claims.iss)}`);
  if (!options.issuer && !host.env("SIGNET_ISSUER")) {
    out.note(
      "note:  the issuer was taken from the token itself; set SIGNET_ISSUER to demand yours",
    );
  }
  if (options.audience === undefined) {
    out.note("note:  the audience was taken from the token itself; --audience demands yours");
  }
}
