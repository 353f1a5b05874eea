import { allowsAudience } from "./audience.ts";
import type { Caller } from "./authenticate/caller.ts";
import { TokenError } from "./errors.ts";

/** Refuses an audience that is not on the workload's list, or not on the credential's narrower one. */
export function authorize(caller: Caller, audience: string): void {
  const { workload } = caller.workload;
  const allowed = allowsAudience(workload.audiences, audience) &&
    (caller.audiences === undefined || allowsAudience(caller.audiences, audience));
  if (allowed) return;
  throw new TokenError(
    "invalid_target",
    "Cannot issue a token: the workload may not ask for this audience. Allow it with: " +
      `signet workload update ${workload.id} --add-audience AUDIENCE`,
  );
}
