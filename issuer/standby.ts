import { addSecurityHeaders } from "./security_headers.ts";
import { health } from "./respond.ts";

/** Answers everything while the issuer may not run; the faults themselves are in the log only. */
export function standby(
  reason: "not_configured" | "kv_unavailable" | "shutting_down" = "not_configured",
): Response {
  const answer = health(reason);
  // A connection kept alive would come back to the process that is about to end.
  if (reason === "shutting_down") answer.headers.set("connection", "close");
  return addSecurityHeaders(answer, { https: true });
}
