import { type OwnedRule, ownedRules } from "../authenticate/platform_token.ts";
import { PlatformTokenError } from "../trust/errors.ts";
import type { ParsedToken } from "../../verify/parse_compact.ts";
import type { AdminContext } from "./context.ts";

/** Most workloads whose rules are compared. */
const maxCompared = 500;

/** The stored rules for an issuer, each with its workload. */
export async function storedRules(
  { store, index }: AdminContext,
  issuer: string,
): Promise<OwnedRule[]> {
  const ids = await index.ofIssuer(issuer, maxCompared);
  const records = await Promise.all(ids.map((id) => store.find(id)));
  return records.flatMap((record) => record ? ownedRules(record) : [])
    .filter((rule) => rule.issuer === issuer);
}

/** The workloads among whose rules a token meets one. @throws {PlatformTokenError} when there is none. */
export async function workloadsMet(
  { verifier }: AdminContext,
  { parsed, rules }: { parsed: ParsedToken; rules: readonly OwnedRule[] },
): Promise<string[]> {
  const { matches } = await verifier.verify(parsed, rules);
  return [...new Set(matches.map((match) => match.rule.owner.workload.id))];
}

/** A refused platform token as `explain` answers it; any other error goes on. */
export function refusedBy(error: unknown): { verdict: string; reason: string; detail: string } {
  if (!(error instanceof PlatformTokenError)) throw error;
  return { verdict: "refused", reason: error.code, detail: error.message };
}
