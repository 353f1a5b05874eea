import { Problem } from "../errors.ts";
import { json } from "../respond.ts";
import { explainRules } from "../trust/explain_rule.ts";
import { readPlatformToken } from "../trust/read_platform_token.ts";
import { isObject } from "../workloads/parse_workload.ts";
import type { AdminAction, AdminContext } from "./context.ts";
import { explainDraft } from "./explain_draft.ts";
import { refusedBy, storedRules, workloadsMet } from "./stored_rules.ts";

/**
 * `POST /admin/explain`: why a platform's token is taken or refused by the stored rules, or by a
 * `rule` that is not saved yet; mints nothing and uses nothing up.
 */
export const explainToken: AdminAction = async (context, { body }) => {
  const { token, rule, ...rest } = isObject(body) ? body : {};
  // A misspelled `rule` must not turn into a verdict about other rules.
  if (typeof token !== "string" || Object.keys(rest).length > 0) {
    const advice = `send {"token": "<the platform's token>"} or {"token": …, "rule": {…}}`;
    throw new Problem("invalid", `Cannot explain: ${advice}`);
  }
  if (rule !== undefined) return json(await explainDraft(context, { token, rule }));
  return json(await explain(context, token));
};

async function explain(context: AdminContext, token: string): Promise<Record<string, unknown>> {
  try {
    const parsed = readPlatformToken(token);
    const rules = await storedRules(context, parsed.claims.iss);
    const nearest = explainRules(parsed.claims, rules);
    const rule = nearest && rules[nearest.rule]!;
    const shown = nearest && {
      workload: rule!.owner.workload.id,
      rule: rule!.place,
      differences: nearest.differences,
    };
    try {
      const workloads = await workloadsMet(context, { parsed, rules });
      if (workloads.length === 1) {
        return { verdict: "accepted", workload: workloads[0], nearest: shown };
      }
      const detail = "name one by client_id, or narrow the rules";
      return {
        verdict: "refused",
        reason: "several_workloads_match",
        detail,
        workloads,
        nearest: shown,
      };
    } catch (error) {
      return { ...refusedBy(error), nearest: shown };
    }
  } catch (error) {
    return refusedBy(error);
  }
}
