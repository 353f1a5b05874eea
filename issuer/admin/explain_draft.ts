import type { ParsedToken } from "../../verify/parse_compact.ts";
import { Problem } from "../errors.ts";
import { isLoopbackIssuer } from "../issuer_url.ts";
import { explainConditions } from "../trust/explain_conditions.ts";
import { parseTrustRules, TrustRuleError } from "../trust/parse_rule.ts";
import { readPlatformToken } from "../trust/read_platform_token.ts";
import type { TrustRule } from "../trust/rule.ts";
import type { AdminContext } from "./context.ts";
import { refusedBy, storedRules, workloadsMet } from "./stored_rules.ts";

/** A rule that is nowhere saved, and the token to try it with. */
export interface Draft {
  readonly token: string;
  /** Written as in a workload's `trust`: a rule, or a preset and its parameters. */
  readonly rule: unknown;
}

/** How a token would fare under a rule that is not saved: nothing is stored, minted or used up. */
export async function explainDraft(
  context: AdminContext,
  { token, rule: draft }: Draft,
): Promise<Record<string, unknown>> {
  const { rule, warnings } = parseDraft(context, draft);
  const shown = { rule, warnings: warnings.length > 0 ? warnings : undefined };
  try {
    const parsed = readPlatformToken(token);
    const conditions = explainConditions(parsed.claims, rule);
    const verdict = await verdictOf(context, { parsed, rule }).catch(refusedBy);
    return { ...verdict, ...shown, conditions };
  } catch (error) {
    return { ...refusedBy(error), ...shown, conditions: [] };
  }
}

/** Names the workloads that take the token already: of several, a program must name one. */
async function verdictOf(
  context: AdminContext,
  { parsed, rule }: { parsed: ParsedToken; rule: TrustRule },
): Promise<Record<string, unknown>> {
  await context.verifier.verify(parsed, [rule]);
  const rules = await storedRules(context, parsed.claims.iss);
  const workloads = await workloadsMet(context, { parsed, rules }).catch((error) => {
    refusedBy(error);
    return [];
  });
  return { verdict: "accepted", workloads: workloads.length > 0 ? workloads : undefined };
}

function parseDraft(
  { issuer }: AdminContext,
  draft: unknown,
): { rule: TrustRule; warnings: readonly string[] } {
  const options = { ownIssuer: issuer, ownIsLoopback: isLoopbackIssuer(issuer) };
  try {
    const { rules: [rule], warnings } = parseTrustRules([draft], options);
    return { rule: rule!, warnings: warnings.map((text) => text.replace(/^trust rule 0: /, "")) };
  } catch (error) {
    if (!(error instanceof TrustRuleError)) throw error;
    const faults = error.faults.map(({ path, detail }) => ({
      pointer: path.replace(/^\/0/, "/rule"),
      detail,
    }));
    throw new Problem("invalid", "Cannot try the rule: it breaks these rules", { faults });
  }
}
