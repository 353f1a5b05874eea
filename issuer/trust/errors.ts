import type { TokenVerificationErrorCode } from "../../verify/errors.ts";

/** One fault in a trust rule: where (RFC 6901 pointer into the list of rules) and what. */
export interface TrustRuleFault {
  readonly path: string;
  readonly detail: string;
}

/** A list of trust rules that cannot be accepted; holds every fault at once. */
export class TrustRuleError extends Error {
  override readonly name = "TrustRuleError";
  readonly code = "trust_rule_invalid";
  readonly faults: readonly TrustRuleFault[];

  constructor(faults: readonly TrustRuleFault[]) {
    const lines = faults.map(({ path, detail }) => `  ${path || "/"}: ${detail}`);
    super(`Cannot accept trust rules:\n${lines.join("\n")}`);
    this.faults = faults;
  }
}

/** A preset that does not exist, or parameters that do not fit it; every fault at once. */
export class PresetError extends Error {
  override readonly name = "PresetError";
  readonly code = "preset_invalid";
  readonly faults: readonly TrustRuleFault[];

  constructor(faults: readonly TrustRuleFault[]) {
    super(`Cannot expand preset: ${faults.map(({ detail }) => detail).join("; ")}`);
    this.faults = faults;
  }
}

/** Why a platform's token is refused; for the audit log and `explain`, never for the caller. */
export type PlatformTokenErrorCode =
  | TokenVerificationErrorCode
  | "own_token"
  | "issuer_not_trusted"
  | "no_rule_matches";

/** A platform's token was refused. Never holds the token; `keys_unavailable` is worth a retry. */
export class PlatformTokenError extends Error {
  override readonly name = "PlatformTokenError";
  readonly code: PlatformTokenErrorCode;

  constructor(code: PlatformTokenErrorCode, state: string, options: { cause?: unknown } = {}) {
    super(`Cannot accept platform token: ${state}`, { cause: options.cause });
    this.code = code;
  }
}
