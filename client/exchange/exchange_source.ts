import { type Context, contextOf } from "../credentials/context.ts";
import { redact, retryAfterMs, send, type VendorAnswer } from "../credentials/http.ts";
import { jsonObject, tokenEnd } from "../credentials/json.ts";
import { judgeStatus, matchRule } from "../credentials/match_rule.ts";
import { mintFor, withToken } from "../credentials/mint.ts";
import { type Refreshing, refreshing } from "../credentials/refreshing.ts";
import { retry } from "../credentials/retry.ts";
import { buildRequest } from "./build_request.ts";
import { checkOptions } from "./check_options.ts";
import { exchangeFailure } from "./exchange_error.ts";
import type { ExchangedToken, ExchangeTokenOptions } from "./options.ts";

// RFC 6749 section 5.2, RFC 8693 section 2.2.2, RFC 7523 section 3.1.
const rules = [
  {
    codes: ["invalid_grant", "invalid_token", "invalid_client", "unauthorized_client"],
    code: "id_token_rejected",
    advice: "Compare what the endpoint trusts with the token's issuer, audience and subject.",
  },
  {
    codes: ["invalid_target", "invalid_scope", "access_denied"],
    code: "access_denied",
    advice: "The identity is known, and may not have this target or scope.",
  },
  { codes: ["temporarily_unavailable"], code: "unavailable", retryable: true },
] as const;

/** The held token of an exchange; a TypeError for options that can only be a mistake. */
export function exchangeSource(options: ExchangeTokenOptions): Refreshing<ExchangedToken> {
  checkOptions(options);
  const context = contextOf(options);
  const { ttl } = options;
  const mint = mintFor(options.audience, context, ttl ? { demands: { ttl } } : {});
  return refreshing(async () => {
    const value = await withToken(
      mint,
      (idToken) => retry(context, () => exchange(idToken, options, context)),
    );
    return { value, expiresAt: value.expiresAt?.getTime() ?? context.now() };
  }, context);
}

async function exchange(
  idToken: string,
  options: ExchangeTokenOptions,
  context: Context,
): Promise<ExchangedToken> {
  const fail = exchangeFailure(options.endpoint);
  const answer = await send(buildRequest(idToken, options), context, fail);
  const json = jsonObject(answer.text) ?? {};
  if (answer.status < 200 || answer.status > 299) {
    throw fail(detailsOf(answer, json, { idToken, now: context.now() }));
  }
  const token = json.access_token ?? json.token;
  if (typeof token !== "string" || !token) {
    throw fail({ code: "invalid_response", vendorMessage: "the answer holds no token" });
  }
  return {
    token,
    tokenType: text(json.token_type),
    issuedTokenType: text(json.issued_token_type),
    scope: text(json.scope),
    expiresAt: endOf(token, json.expires_in, context.now()),
  };
}

function detailsOf(
  { status, headers }: VendorAnswer,
  json: Record<string, unknown>,
  { idToken, now }: { idToken: string; now: number },
) {
  const vendorCode = redact(text(json.error) ?? `HTTP ${status}`, [idToken]);
  const vendorMessage = redact(text(json.error_description) ?? text(json.message) ?? "", [idToken]);
  const again = status === 429 || status >= 500;
  const judgement = (again ? undefined : matchRule(rules, { codes: [vendorCode], message: "" })) ??
    judgeStatus(status);
  return {
    ...judgement,
    vendorCode,
    vendorMessage,
    status,
    retryAfterMs: retryAfterMs(headers, now),
  };
}

function endOf(token: string, expiresIn: unknown, now: number): Date | undefined {
  if (Number(expiresIn) > 0) return new Date(now + Number(expiresIn) * 1_000);
  const end = tokenEnd(token, now);
  return end > now ? new Date(end) : undefined;
}

const text = (value: unknown): string | undefined => typeof value === "string" ? value : undefined;
