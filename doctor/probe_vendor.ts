import type { Check } from "./check.ts";
import { loginChecks } from "./login_checks.ts";
import { probeToken } from "./probe_token.ts";
import { tokenChecks, type TokenRule } from "./token_checks.ts";
import type { VendorContext } from "./vendor_context.ts";

/** The part of a token rule that a vendor's file fills in. */
export type VendorTokenRule =
  & Omit<TokenRule, "vendor" | "issuer" | "subject" | "now" | "audience">
  & {
    /** Undefined when the vendor has no audience of its own. */
    readonly audience: string | undefined;
  };

/** Mint and judge a probe token, then try the logins. */
export async function probeVendor(
  { vendor, observation, probe, now }: VendorContext,
  rule: VendorTokenRule,
): Promise<Check[]> {
  const audience = probe.audience ?? rule.audience;
  const token = probe.mint && audience !== undefined
    ? await probeToken(audience, { mint: probe.mint, keys: observation.keys })
    : undefined;
  const checks = tokenChecks(token, {
    ...rule,
    vendor,
    issuer: observation.issuer,
    audience: audience ?? "the audience of the provider (none was given)",
    subject: probe.subject,
    now,
  });
  return [...checks, ...await loginChecks(vendor, { audience, probe })];
}
