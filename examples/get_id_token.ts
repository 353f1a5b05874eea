// A token for any audience, in one line. Run it with what `deno task dev` prints.
import { getIdToken } from "@signet/oidc";

const token = await getIdToken(Deno.args[0] ?? "https://api.example.com");

console.log(token);
