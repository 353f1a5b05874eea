// Fresh: routes that only a caller with an identity reaches. Save it beside your app and use it for a part of the site
//   app.use("/orders/*", demandIdentity)
// or as routes/orders/_middleware.ts:  export default demandIdentity
import { createVerifier, TokenVerificationError, type VerifiedClaims } from "@signet/oidc/verify";

const verifier = createVerifier({
  issuer: Deno.env.get("SIGNET_ISSUER") ?? "http://localhost:8000",
  audience: "https://api.example.com",
  algorithms: ["RS256"],
});

/** What it needs of Fresh's context; put `caller` into your own State. */
export interface IdentityContext {
  readonly req: Request;
  readonly state: { caller?: VerifiedClaims };
  next(): Promise<Response>;
}

/** Goes on with `state.caller` set, or answers 401. */
export async function demandIdentity(context: IdentityContext): Promise<Response> {
  const refuse = (reason: string, status = 401) =>
    new Response(reason, { status, headers: { "www-authenticate": "Bearer" } });
  const token = /^Bearer (.+)$/i.exec(context.req.headers.get("authorization") ?? "")?.[1];
  if (!token) return refuse("who are you?");
  try {
    context.state.caller = await verifier.verify(token);
  } catch (error) {
    if (!(error instanceof TokenVerificationError)) throw error;
    return refuse(error.code, error.code === "keys_unavailable" ? 503 : 401);
  }
  return await context.next();
}
