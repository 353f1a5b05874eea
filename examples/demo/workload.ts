// The program that needs an identity. It knows no password and no key of any cloud.
import { getIdToken } from "@signet/oidc";

console.log(await getIdToken(Deno.args[0] ?? "sts.amazonaws.com"));
