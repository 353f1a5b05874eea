// Hono: routes that only a caller with an identity reaches.
import { type Context, Hono, type Next } from "hono";
import { createVerifier, TokenVerificationError, type VerifiedClaims } from "@signet/oidc/verify";

const verifier = createVerifier({
  issuer: Deno.env.get("SIGNET_ISSUER") ?? "http://localhost:8000",
  audience: "https://api.example.com",
  algorithms: ["RS256"],
});

type Env = { Variables: { caller: VerifiedClaims } };

async function demandIdentity(context: Context<Env>, next: Next) {
  const challenge = { "www-authenticate": "Bearer" };
  const token = /^Bearer (.+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
  if (!token) return context.text("who are you?", 401, challenge);
  try {
    context.set("caller", await verifier.verify(token));
  } catch (error) {
    if (!(error instanceof TokenVerificationError)) throw error;
    return error.code === "keys_unavailable"
      ? context.text(error.code, 503)
      : context.text(error.code, 401, challenge);
  }
  await next();
}

const app = new Hono<Env>();
app.get("/", (context) => context.text("everybody may read this"));
app.use("/orders/*", demandIdentity);
app.get("/orders/:id", (context) => {
  const { sub } = context.get("caller");
  if (sub !== "deployment:acme/web/production") return context.text(`not for ${sub}`, 403);
  return context.text(`order ${context.req.param("id")} for ${sub}`);
});

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, app.fetch);
