import { addSecurityHeaders } from "./security_headers.ts";
import { health } from "./respond.ts";

/** Answers everything while the issuer may not run; the faults themselves are in the log only. */
export function standby(): Response {
  return addSecurityHeaders(health("not_configured"), { https: true });
}
