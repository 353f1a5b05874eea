import { ownedRules } from "../authenticate/platform_token.ts";
import { Problem } from "../errors.ts";
import { json } from "../respond.ts";
import { PlatformTokenError } from "../trust/errors.ts";
import { explainRules } from "../trust/explain_rule.ts";
import { readPlatformToken } from "../trust/read_platform_token.ts";
import { isObject } from "../workloads/parse_workload.ts";
import type { AdminAction, AdminContext } from "./context.ts";

/** Most workloads whose rules are compared. */
const maxCompared = 500;

/** `POST /admin/explain`: why a platform's token is taken or refused; mints nothing and uses nothing up. */
export const explainToken: AdminAction = async (context, { body }) => {
  const token = isObject(body) ? body.token : undefined;
  if (typeof token !== "string") {
    throw new Problem("invalid", `Cannot explain: send {"token": "<the platform's token>"}`);
  }
  return json(await explain(context, token));
};

async function explain(context: AdminContext, token: string): Promise<Record<string, unknown>> {
  try {
    const parsed = readPlatformToken(token);
    const rules = await rulesOfIssuer(context, parsed.claims.iss);
    const nearest = explainRules(parsed.claims, rules);
    const rule = nearest && rules[nearest.rule]!;
    const shown = nearest && {
      workload: rule!.owner.workload.id,
      rule: rule!.place,
      differences: nearest.differences,
    };
    try {
      const { matches } = await context.verifier.verify(parsed, rules);
      const workloads = [...new Set(matches.map((match) => match.rule.owner.workload.id))];
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
      return { ...refused(error), nearest: shown };
    }
  } catch (error) {
    return refused(error);
  }
}

async function rulesOfIssuer({ store, index }: AdminContext, issuer: string) {
  const ids = await index.ofIssuer(issuer, maxCompared);
  const records = await Promise.all(ids.map((id) => store.find(id)));
  return records.flatMap((record) => record ? ownedRules(record) : [])
    .filter((rule) => rule.issuer === issuer);
}

function refused(error: unknown): Record<string, unknown> {
  if (!(error instanceof PlatformTokenError)) throw error;
  return { verdict: "refused", reason: error.code, detail: error.message };
}
